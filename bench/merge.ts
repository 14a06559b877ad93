import { parseArgs } from "node:util";
import type { ActorId, ObjectId, RevisionId } from "../src/base/ids.ts";
import { stateAt } from "../src/merge/evaluate.ts";
import type { Graph, MergeInput } from "../src/merge/graph.ts";
import { DEFAULT_POLICY } from "../src/merge/policy.ts";
import type { Content } from "../src/model/content.ts";
import type { Write } from "../src/model/record.ts";
import { table } from "./table.ts";

/**
 * `npm run bench:merge`: how many merges a second of CPU time evaluates. Packages have 30 leaves,
 * three resources among them; histories have 2 to 6 revisions above the common one.
 *
 *   npm run bench:merge -- --merges 20000
 */
const { values: options } = parseArgs({
  options: { merges: { type: "string", default: "20000" } },
});

const TEXT = Array.from({ length: 150 }, (_one, at) => `word${at % 10}`).join(" ");
const BASE: Content = {
  ...Object.fromEntries(Array.from({ length: 15 }, (_one, at) => [`field_${at}`, `value ${at}`])),
  notes: TEXT,
  resources: Object.fromEntries(
    ["r1", "r2", "r3"].map((id) => {
      return [id, { name: id, url: `https://data.example/${id}`, format: "CSV", size: 12 }];
    }),
  ),
  tags: { t1: true, t2: true },
};

function idOf(number: number): RevisionId {
  return `00000000-0000-7000-8000-${String(number).padStart(12, "0")}` as RevisionId;
}

/** The lines of work over one creation, as a graph with its heads. */
function historyOf(lines: readonly (readonly Write[])[]): { graph: Graph; heads: RevisionId[] } {
  const revisions = new Map<RevisionId, MergeInput>();
  const generations = new Map<RevisionId, number>();
  const add = (parents: readonly RevisionId[], write: Write, generation: number): RevisionId => {
    const id = idOf(revisions.size + 1);
    const instance = idOf(generation * 7);
    const envelope = { object: idOf(0) as string as ObjectId, type: "package", parents };
    const actor = `${instance}/${instance}` as ActorId;
    revisions.set(id, { id, ...envelope, actor, hlc: revisions.size + 1, patch: [write] });
    generations.set(id, generation);
    return id;
  };
  const root = add([], { op: "add", path: "", value: BASE }, 1);
  const heads = lines.map((line) =>
    line.reduce((parent, write, at) => add([parent], write, at + 2), root),
  );
  const graph: Graph = {
    revision: (id) => revisions.get(id) as MergeInput,
    generation: (id) => generations.get(id) as number,
    content: () => BASE,
  };
  return { graph, heads };
}

const replace = (path: string, value: string): Write => ({ op: "replace", path, value });
const field = (at: number, by: string): Write => replace(`/field_${at % 15}`, by);
const url = (at: number, by: string): Write => replace(`/resources/r${1 + (at % 3)}/url`, by);

/** Two lines of one to three saves, in one of four histories in conflict somewhere. */
const PLAIN = Array.from({ length: 64 }, (_one, at) =>
  historyOf([
    [field(at, "a"), url(at, "a"), field(at + 1, "a")].slice(0, 1 + (at % 3)),
    [at % 4 === 0 ? field(at, "b") : field(at + 5, "b"), url(at + 1, "b")].slice(0, 1 + (at % 2)),
  ]),
);

const inserted = (at: number, word: string): Write =>
  replace("/notes", `${TEXT.slice(0, at)} ${word} ${TEXT.slice(at)}`);
const TEXTS = Array.from({ length: 16 }, (_one, at) =>
  historyOf([
    [inserted(40 + at * 6, "one")],
    [inserted(400 + at * 6, "two")],
    [inserted(700 + at * 6, "three")],
  ]),
);

/** What a stranger may send: each head another edit of one text. */
const FAN_IN = 3000;
const FANNED = [
  historyOf(
    Array.from({ length: FAN_IN }, (_one, at) => [inserted((at * 37) % TEXT.length, `new${at}`)]),
  ),
];

const total = Number(options.merges);
const rows = [
  measure("two heads, no texts", PLAIN, total),
  measure(`three heads, texts of ${TEXT.length} characters`, TEXTS, Math.ceil(total / 100)),
  measure(`${FAN_IN.toLocaleString("en-US")} heads of one text`, FANNED, Math.ceil(total / 10_000)),
];
process.stdout.write(`${table([["merges of packages", "CPU ms each", "a second"], ...rows])}\n`);

function measure(name: string, histories: typeof PLAIN, count: number): string[] {
  const run = (times: number): void => {
    for (let at = 0; at < times; at++) {
      const { graph, heads } = histories[at % histories.length] as (typeof histories)[0];
      stateAt(graph, heads, DEFAULT_POLICY);
    }
  };
  run(Math.ceil(count / 5));
  const start = process.cpuUsage();
  run(count);
  const { user, system } = process.cpuUsage(start);
  const ms = (user + system) / 1000 / count;
  return [name, ms.toFixed(3), Math.round(1000 / ms).toLocaleString("en-US")];
}
