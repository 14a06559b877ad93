/** Steps 1 to 4 of the page, for a region of revisions over a base content. */
import { derivedId } from "../base/ids.ts";
import type { Json } from "../base/json.ts";
import { isBelow } from "../base/pointer.ts";
import type { History } from "./history.ts";
import { isFlag, setOrDelete } from "./paths.ts";
import { ruleOf, sameValue, strategyOf, winnerOf } from "./strategy.ts";
import { Documents, isText, type Replay } from "./texts.ts";
import type {
  Candidate,
  ConflictKind,
  Entry,
  Leaves,
  OracleConflict,
  OraclePin,
  OraclePolicy,
  TextLibrary,
  Value,
} from "./types.ts";

/** The rules beside the history that an evaluation needs. */
export interface Rules {
  readonly policy: OraclePolicy;
  readonly texts: TextLibrary;
}

/** What became of one path. */
export interface Outcome {
  readonly path: string;
  /** The page's C after step 2. */
  readonly entries: readonly Entry[];
  readonly winner: Entry;
  /** The winner, or those whose texts were merged. */
  readonly sources: readonly Entry[];
  readonly value: Value;
  readonly conflict: OracleConflict | undefined;
}

export interface Evaluation {
  readonly leaves: Leaves;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly structures: ReadonlyMap<string, OracleConflict>;
  /** By id. */
  readonly conflicts: readonly OracleConflict[];
}

export function evaluate(
  history: History,
  region: ReadonlySet<string>,
  base: Leaves,
  rules: Rules,
  replay: Replay = { region, base },
): Evaluation {
  const leaves = new Map<string, Json>(base);
  const outcomes = new Map<string, Outcome>();
  for (const path of pathsOf(history, region, base)) {
    const standing = survivors(history, region, path);
    if (standing.length === 0) continue;
    const entries = afterPins(history, region, path, standing);
    const outcome = choose(history, replay, path, entries, rules);
    outcomes.set(path, outcome);
    setOrDelete(leaves, path, outcome.value);
  }
  const structures = clashes(history, region, replay, outcomes, leaves);
  const values = [...outcomes.values()].flatMap(({ conflict }) => conflict ?? []);
  const conflicts = [...values, ...structures.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { leaves, outcomes, structures, conflicts };
}

/** "each path p that U writes or pins (and each flag of content(X) that U touches)" */
function pathsOf(history: History, region: ReadonlySet<string>, base: Leaves): string[] {
  const paths = new Set<string>();
  for (const id of region) {
    for (const path of history.writes(id).keys()) paths.add(path);
    for (const path of history.pins(id).keys()) paths.add(path);
    for (const path of history.touches(id)) if (base.has(path)) paths.add(path);
  }
  return [...paths].sort();
}

/** Step 1, H: the writes at the path that no write of a causal descendant replaces. */
function survivors(history: History, region: ReadonlySet<string>, path: string): string[] {
  const writers = [...region].filter((id) => history.writesAt(id, path)).sort();
  return writers.filter((id) => !writers.some((later) => history.ancestors(later).has(id)));
}

/** Step 2, C: the survivors, less what the pins drop, with merged pins in the place of theirs. */
function afterPins(
  history: History,
  region: ReadonlySet<string>,
  path: string,
  standing: readonly string[],
): Entry[] {
  const saying = [...region].filter((id) => history.pins(id).has(path)).sort();
  const later = [...saying, ...[...region].filter((id) => history.writesAt(id, path))];
  const pins = saying
    .filter((id) => !later.some((other) => history.ancestors(other).has(id)))
    .map((id) => ({ id, pin: history.pins(id).get(path) as OraclePin }))
    .filter(({ pin }) => pin.of.every((edit) => standing.includes(edit)));

  const isDropped = (edit: string) =>
    pins.some(
      ({ id, pin }) =>
        history.ancestors(id).has(edit) &&
        !pin.of.includes(edit) &&
        !sameValue(history.valueAt(edit, path), pin.value),
    );
  const kept = standing.filter((edit) => !isDropped(edit));
  const chosen = kept.length === 0 ? standing : kept;

  const merged = pins
    .filter(({ pin }) => pin.merged === true)
    .filter(({ pin }) => pin.of.every((edit) => chosen.includes(edit)));
  const replaced = new Set(merged.flatMap(({ pin }) => pin.of));
  const edits = chosen
    .filter((edit) => !replaced.has(edit))
    .map((id) => ({
      revision: id,
      value: history.valueAt(id, path),
      of: [id],
      merged: false,
    }));
  const stands = merged.map(({ id, pin }) => ({
    revision: id,
    value: pin.value,
    of: pin.of,
    merged: true,
  }));
  return [...edits, ...stands];
}

/** Step 3: one value for the path, and the conflict if there was a choice to make. */
function choose(
  history: History,
  replay: Replay,
  path: string,
  entries: readonly Entry[],
  rules: Rules,
): Outcome {
  const { type, object } = history.revision((entries[0] as Entry).revision);
  const strategy = strategyOf(rules.policy, type, path);
  const winner = winnerOf(history, rules.policy, strategy, path, entries);
  const { value } = winner;
  const alone = { path, entries, winner, sources: [winner], value, conflict: undefined };
  if (entries.every((entry) => sameValue(entry.value, value))) return alone;
  const merge =
    strategy === "text" ? mergeOf(history, replay, path, entries, winner, rules) : alone;
  const isMerge = merge.sources.length > 1;
  const values = entries.map((entry) => entry.value);
  const isDelete = isFlag(path) || values.includes(undefined);
  const areTexts = strategy === "text" && values.every(isText);
  const kind = isDelete ? "delete" : areTexts ? "text" : "value";
  const rule = isMerge ? "text" : ruleOf(rules.policy, strategy, isDelete);
  const base = replay.base.get(path);
  const chosen = { revision: isMerge ? null : winner.revision, value: merge.value };
  const conflict = conflictOf({ object, path, base, chosen, rule }, kind, entries);
  return { ...alone, ...merge, conflict };
}

/**
 * Of the texts that have the winner's origin, their merge; where all of them are equal, or the
 * winner is no text or the only one of its origin, the winner alone.
 */
function mergeOf(
  history: History,
  replay: Replay,
  path: string,
  entries: readonly Entry[],
  winner: Entry,
  { texts }: Rules,
): Pick<Outcome, "value" | "sources"> {
  const alone = { value: winner.value, sources: [winner] };
  if (!isText(winner.value)) return alone;
  const documents = new Documents(history, replay, path, texts);
  const { origin } = documents.of(winner.revision);
  const sources = entries
    .filter(({ value }) => isText(value))
    .filter(({ revision }) => documents.of(revision).origin === origin);
  if (sources.every(({ value }) => value === winner.value)) return alone;
  const merged = documents.merged(sources.map(({ revision }) => documents.of(revision)));
  return { value: merged.text, sources };
}

/** Step 4: a value in C with a value in C of some path below it. Takes hidden ones off `leaves`. */
function clashes(
  history: History,
  region: ReadonlySet<string>,
  { base }: Replay,
  outcomes: ReadonlyMap<string, Outcome>,
  leaves: Map<string, Json>,
): Map<string, OracleConflict> {
  const found = new Map<string, OracleConflict>();
  const hidden = new Set<string>();
  const valued = [...outcomes.values()]
    .filter(({ path }) => !isFlag(path))
    .map(({ path, entries }) => ({
      path,
      entries: entries.filter((one) => one.value !== undefined),
    }))
    .filter(({ entries }) => entries.length > 0);
  for (const { path, entries } of valued) {
    const below = valued.filter((one) => isBelow(one.path, path));
    if (below.length === 0) continue;
    if (leaves.has(path) && below.some((one) => leaves.has(one.path))) hidden.add(path);
    const object = history.revision([...region][0] as string).object;
    const deeper = below.flatMap((one) =>
      one.entries.map((entry) => ({ ...entry, value: undefined })),
    );
    const isHidden = hidden.has(path);
    const winner = outcomes.get(path)?.winner;
    const chosen = {
      revision: isHidden ? null : (winner?.revision ?? null),
      value: isHidden ? undefined : leaves.get(path),
    };
    const told = { object, path, base: base.get(path), chosen, rule: "structure" };
    found.set(path, conflictOf(told, "structure", [...entries, ...deeper]));
  }
  for (const path of hidden) leaves.delete(path);
  return found;
}

function conflictOf(
  told: Pick<OracleConflict, "object" | "path" | "base" | "chosen" | "rule">,
  kind: ConflictKind,
  entries: readonly Entry[],
): OracleConflict {
  const { object, path } = told;
  const byRevision = new Map<string, Candidate>();
  for (const { revision, value, merged } of entries) {
    if (!byRevision.has(revision)) byRevision.set(revision, { revision, value, merged });
  }
  const candidates = [...byRevision.values()].sort((a, b) => (a.revision < b.revision ? -1 : 1));
  const idKind = kind === "text" ? "value" : kind;
  const ids = candidates.map(({ revision }) => revision);
  const id = derivedId(["syncline/conflict/1", object, path, idKind, ids]);
  return { id, ...told, kind, candidates };
}
