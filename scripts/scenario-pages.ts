// Writes what is generated about scenarios: the index of scenarios/, the JSON Schema, and the
// reference in docs/scenarios.md. `npm run docs:scenarios`; a test fails while they are not up to date.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { schemaText } from "../src/scenario/format/json-schema.ts";
import { scenarioReference } from "../src/scenario/format/reference.ts";
import { USE_CASES, type UseCase } from "./use-cases.ts";

const ROOT = join(import.meta.dirname, "..");
const START = "<!-- reference: generated from the schema -->\n";

/** The folders of scenarios in the order in which one reads them. */
const FOLDERS: readonly string[] = [
  ...["first-sync", "two-way", "purge", "names", "conflict-review", "policy", "people"],
  ...["scopes", "mapping", "live", "topologies", "guards", "faults", "restore-and-clone"],
  "schema-versions",
];

/** The pages by their paths from the root, as they have to be. */
export function scenarioPages(): Readonly<Record<string, string>> {
  const docs = readFileSync(join(ROOT, "docs/scenarios.md"), "utf8");
  const written = docs.slice(0, docs.indexOf(START) + START.length);
  return {
    "scenarios/README.md": index(),
    "docs/scenario.schema.json": schemaText(),
    "docs/scenarios.md": `${written}\n${scenarioReference()}`,
  };
}

function index(): string {
  const files = readdirSync(join(ROOT, "scenarios"), { recursive: true, encoding: "utf8" });
  const folders = Map.groupBy(
    files.filter((file) => file.endsWith(".yaml")).sort(),
    (file) => file.split("/")[0] ?? "",
  );
  const known = FOLDERS.filter((folder) => folders.has(folder));
  const others = [...folders.keys()].filter((folder) => !known.includes(folder));
  const parts = [...known, ...others].map((folder) => {
    const title = folder.replaceAll("-", " ");
    const heading = `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`;
    return `## ${heading}\n\n${folders.get(folder)?.map(entryOf).join("\n")}\n`;
  });
  return [
    "# Scenarios\n",
    "Each file replays a timeline of edits and syncs, and says what has to come out. All of them run in",
    "`npm test`; `syncline scenario run scenarios` runs them alone, `syncline scenario explain FILE` tells one",
    "in words. The format is described in [docs/scenarios.md](../docs/scenarios.md).\n",
    `## What it is all for\n\n${USE_CASES.map(useCaseLine).join("\n")}\n`,
    ...parts,
  ].join("\n");
}

function useCaseLine({ told, files }: UseCase, at: number): string {
  const links = files.map((file) => `[${nameOf(textOf(file), file)}](${file})`);
  return `${at + 1}. ${told}: ${links.join(" · ")}`;
}

function textOf(file: string): string {
  return readFileSync(join(ROOT, "scenarios", file), "utf8");
}

function nameOf(text: string, file: string): string {
  return /^name: (.*)$/m.exec(text)?.[1] ?? file;
}

function entryOf(file: string): string {
  const text = textOf(file);
  const lines = text.split("\n");
  const comment = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith("#")),
  );
  const told = comment.map((line) => line.replace(/^# ?/, "")).join(" ");
  return `- [${nameOf(text, file)}](${file}): ${told}`;
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of Object.entries(scenarioPages())) {
    writeFileSync(join(ROOT, path), text);
  }
}
