/** What the actors of a random history do, each given what he sees. */
import type { Json } from "../../src/base/json.ts";
import type { OracleConflict, OracleState } from "../../src/oracle/types.ts";
import type { Change } from "../oracle/author.ts";
import type { Random } from "./random.ts";

/** One action: its changes, and the paths that it means to resolve. */
export interface Act {
  readonly changes: readonly Change[];
  readonly resolve?: readonly string[];
}

type Action = (random: Random, seen: OracleState) => Act;

const TITLES: readonly Json[] = ["", "a", "b", "é", "e\u0301", "😀", "\u2028"];
const NUMBERS: readonly Json[] = [0, 1, 2 ** 53 - 1, 1 - 2 ** 53, -1.5, 1e-7, null, true, false];
const WORDS = ["ferry", "harbor", "tide", "été", "😀", ""];
const RESOURCES = ["/resources/r1", "/resources/r2"];
const FIELDS = ["/url", "/name", "/description"];

const change = (path: string, value?: Json): Change =>
  value === undefined ? { path } : { path, value };
const act = (...changes: Change[]): Act => ({ changes });

/** A text that keeps a part of what was there, as an editor would. */
function text(random: Random, before: Json | undefined): string {
  const words = typeof before === "string" ? before.split(" ") : [];
  const at = random.below(words.length + 1);
  return [...words.slice(0, at), random.pick(WORDS), ...words.slice(at + random.below(2))].join(
    " ",
  );
}

function field(random: Random, seen: OracleState): Change {
  const path = random.pick(RESOURCES) + random.pick(FIELDS);
  return change(
    path,
    path.endsWith("n") ? text(random, seen.leaves.get(path)) : random.pick(TITLES),
  );
}

const title: Action = (random) => act(change("/title", random.pick(TITLES)));
const version: Action = (random) => act(change("/version", random.pick(NUMBERS)));
const noTitle: Action = () => act(change("/title"));
const notes: Action = (random, seen) =>
  act(change("/notes", random.oneIn(8) ? undefined : text(random, seen.leaves.get("/notes"))));
/** Edits of texts that never leave an empty one, so that all go back to one text. */
const words: Action = (random, seen) =>
  act(
    change("/notes", `${text(random, seen.leaves.get("/notes")).trim()} ${random.pick(TITLES)}!`),
  );
const tag: Action = (random) =>
  act(
    change(random.pick(["/tags/t1", "/tags/t2", "/groups/g1"]), random.oneIn(3) ? undefined : true),
  );
const extra: Action = (random) =>
  act(change(random.pick(["/extras/a~1b", "/extras/", "/extras/ü"]), random.pick(TITLES)));
const inner: Action = (random, seen) => act(field(random, seen));
const dropField: Action = (random) => act(change(random.pick(RESOURCES) + random.pick(FIELDS)));
const swap: Action = (_random, { leaves }) => {
  const [one, other] = RESOURCES.map((unit) => `${unit}/name`) as [string, string];
  return act(change(one, leaves.get(other)), change(other, leaves.get(one)));
};
const replaceResource: Action = (random) =>
  act(change(random.pick(RESOURCES), { name: random.pick(TITLES), url: random.pick(TITLES) }));
const removeLeaves: Action = (random) =>
  act(change(random.pick(["/extras", "/tags", ...RESOURCES])));
const removeUnit: Action = (random) => act(change(`${random.pick(RESOURCES)}/@deleted`, true));
const restoreUnit: Action = (random) => act(change(`${random.pick(RESOURCES)}/@deleted`));
const remove: Action = () => act(change("/@deleted", true));
const restore: Action = () => act(change("/@deleted"));
const restoreAndEdit: Action = (random, seen) => {
  const unit = random.pick(["", ...RESOURCES]);
  return act(change(`${unit}/@deleted`), field(random, seen));
};
const list: Action = (random) =>
  act(change("/spatial", random.pick([[0, [1, 2]], [0, [1, 3]], []])));
const shape: Action = (random) =>
  act(
    random.pick<Change>([
      change("/x", random.pick(NUMBERS)),
      change("/x", { q: random.pick(NUMBERS) }),
      change("/x", { q: 1, s: { t: 1 } }),
      change("/x/q", random.pick(NUMBERS)),
      change("/x/s", random.pick(NUMBERS)),
      change("/x/s/t", random.pick(NUMBERS)),
      change("/x"),
      change("/x/q"),
    ]),
  );
const scalarResource: Action = (random) => act(change(random.pick(RESOURCES), 5));
const nothing: Action = () => act();
const restate: Action = (random) => act(change("/saved", random.below(1000)));

/** A decision about an open conflict: a candidate's value, the shown one again, or a new one. */
const resolve: Action = (random, seen) => {
  if (seen.conflicts.length === 0) return restate(random, seen);
  const { path, candidates }: OracleConflict = random.pick(seen.conflicts);
  if (random.oneIn(3)) return { changes: [], resolve: [path] };
  const value = random.pick([
    random.pick(candidates).value,
    path.endsWith("/@deleted") ? true : random.pick(TITLES),
  ]);
  return { changes: [change(path, value)], resolve: [path] };
};

/** The actions by theme; a history draws on a few themes, so that its actors collide. */
export const THEMES: Readonly<Record<string, readonly Action[]>> = {
  field: [title, title, noTitle, version],
  resource: [inner, inner, dropField, swap, replaceResource],
  unit: [removeUnit, removeUnit, restoreUnit, inner, restoreAndEdit],
  object: [remove, remove, restore, title, inner, restoreAndEdit],
  leaves: [removeLeaves, inner, extra, tag],
  tags: [tag, tag, extra],
  notes: [notes, notes, notes],
  words: [words],
  title: [title],
  shape: [shape, shape, shape, scalarResource],
  list: [list, version],
};

/** What may be mixed into every history. */
export const SAVES: readonly Action[] = [nothing, restate, resolve, resolve];

export const FIRST: Json = {
  title: "a",
  notes: "ferry tide",
  tags: { t1: true },
  resources: { r1: { name: "one", url: "u" } },
};
