// Writes what is generated about scenarios: the index of scenarios/ and the reference in
// docs/scenarios.md. `npm run docs:scenarios`; a test fails while they are not up to date.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scenarioReference } from "../src/scenario/format/reference.ts";

const ROOT = join(import.meta.dirname, "..");
const START = "<!-- reference: generated from the schema -->\n";

/** The pages by their paths from the root, as they have to be. */
export function scenarioPages(): Readonly<Record<string, string>> {
  const docs = readFileSync(join(ROOT, "docs/scenarios.md"), "utf8");
  const written = docs.slice(0, docs.indexOf(START) + START.length);
  return {
    "scenarios/README.md": index(),
    "docs/scenarios.md": `${written}\n${scenarioReference()}`,
  };
}

function index(): string {
  const files = readdirSync(join(ROOT, "scenarios"), { recursive: true, encoding: "utf8" });
  const folders = Map.groupBy(
    files.filter((file) => file.endsWith(".yaml")).sort(),
    (file) => file.split("/")[0] ?? "",
  );
  const parts = [...folders].map(([folder, inside]) => {
    const title = folder.replaceAll("-", " ");
    const heading = `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`;
    return `## ${heading}\n\n${inside.map(entryOf).join("\n")}\n`;
  });
  return [
    "# Scenarios\n",
    "Each file replays a timeline of edits and syncs, and says what has to come out. All of them run in",
    "`npm test`; `syncline scenario run scenarios` runs them alone, `syncline scenario explain FILE` tells one",
    "in words. The format is described in [docs/scenarios.md](../docs/scenarios.md).\n",
    ...parts,
  ].join("\n");
}

function entryOf(file: string): string {
  const text = readFileSync(join(ROOT, "scenarios", file), "utf8");
  const lines = text.split("\n");
  const comment = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith("#")),
  );
  const name = /^name: (.*)$/m.exec(text)?.[1] ?? file;
  const told = comment.map((line) => line.replace(/^# ?/, "")).join(" ");
  return `- [${name}](${file}): ${told}`;
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of Object.entries(scenarioPages())) {
    writeFileSync(join(ROOT, path), text);
  }
}
