// Proves that the pages tell the truth about where things are: every link to a file, and every path
// of the repository that a page names, is there.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../toolchain/temporary-folder.ts";

const pages = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(join(repositoryRoot, "docs")).map((name) => `docs/${name}`),
].filter((path) => path.endsWith(".md"));

function missingIn(page: string, text: string): string[] {
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) =>
    join(dirname(page), link as string),
  );
  const paths = [...text.matchAll(/`((?:src|test|bench|bin|scripts|docs)\/[\w./-]*)`/g)].map(
    ([, path]) => path as string,
  );
  return [...links, ...paths].filter((path) => !existsSync(join(repositoryRoot, path)));
}

test.each(pages)("%s", (page) => {
  expect(missingIn(page, readFileSync(join(repositoryRoot, page), "utf8"))).toEqual([]);
});

test("a page that names what is not there is found", () => {
  expect(missingIn("docs/a.md", "[b](no.md) and `src/no.ts`, [c](https://a.example)")).toEqual([
    "docs/no.md",
    "src/no.ts",
  ]);
});
