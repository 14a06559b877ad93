/** Steps 1 to 4 of the page, for a region of revisions over a base content. */
import { derivedId } from "../../src/base/ids.ts";
import type { Json } from "../../src/base/json.ts";
import { isBelow } from "../../src/base/pointer.ts";
import type { History } from "./history.ts";
import { isFlag, setOrDelete } from "./paths.ts";
import { areTexts, sameValue, strategyOf, winnerOf } from "./strategy.ts";
import type {
  Candidate,
  ConflictKind,
  Entry,
  Leaves,
  MergeTexts,
  OracleConflict,
  OraclePin,
  OraclePolicy,
  TextMerge,
  Value,
} from "./types.ts";

/** The rules beside the history that an evaluation needs. */
export interface Rules {
  readonly policy: OraclePolicy;
  readonly mergeTexts: MergeTexts;
}

/** Where the replay of texts starts: the revisions above the choke point, and its content. */
export interface Replay {
  readonly region: ReadonlySet<string>;
  readonly base: Leaves;
}

/** What became of one path. */
export interface Outcome {
  readonly path: string;
  /** The page's C after step 2. */
  readonly entries: readonly Entry[];
  readonly winner: Entry;
  readonly value: Value;
  /** True when the value is a merge of texts. */
  readonly isMerge: boolean;
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
  replay: () => Replay = () => ({ region, base }),
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
  const structures = clashes(history, region, outcomes, leaves);
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

/**
 * Step 3: one value for the path, and the conflict if there was a choice to make. Equal texts
 * beside a removal are one text: merging independent insertions of it would double it.
 */
function choose(
  history: History,
  replay: () => Replay,
  path: string,
  entries: readonly Entry[],
  rules: Rules,
): Outcome {
  const first = history.revision((entries[0] as Entry).revision);
  const strategy = strategyOf(rules.policy, first.type, path);
  const winner = winnerOf(history, rules.policy, strategy, path, entries);
  if (entries.every(({ value }) => sameValue(value, winner.value))) {
    return { path, entries, winner, value: winner.value, isMerge: false, conflict: undefined };
  }
  const values = entries.map(({ value }) => value);
  const isText = strategy === "text" && areTexts(values);
  const isMerge = isText && winner.value !== undefined;
  const texts = values.filter((one) => one !== undefined);
  const isOneText = texts.every((text) => sameValue(text, winner.value));
  const value =
    isMerge && !isOneText
      ? rules.mergeTexts(textMerge(history, replay(), path, entries))
      : winner.value;
  const isDelete = isFlag(path) || values.includes(undefined);
  const kind = isDelete ? "delete" : isText ? "text" : "value";
  const conflict = conflictOf(first.object, path, kind, entries, {
    revision: isMerge ? null : winner.revision,
    value,
    rule: isMerge || typeof strategy === "string" ? String(strategy) : "priority",
  });
  return { path, entries, winner, value, isMerge, conflict };
}

/**
 * The replay of a region for one text. The page does not say what the document of a merged pin in C
 * is. It has to be the merge of the edits that it stands for, or a save without an edit would
 * change what a later merge finds in common (P14).
 */
function textMerge(
  history: History,
  { region, base }: Replay,
  path: string,
  entries: readonly Entry[],
): TextMerge {
  const pins = new Map(entries.filter(({ merged }) => merged).map((pin) => [pin.revision, pin]));
  const steps = [...region]
    .sort()
    .sort((a, b) => history.ancestors(a).size - history.ancestors(b).size)
    .map((id) => {
      const pin = pins.get(id);
      const writes = pin !== undefined || history.writesAt(id, path);
      const value = pin === undefined ? history.valueAt(id, path) : pin.value;
      const from = pin === undefined ? history.revision(id).parents : pin.of;
      const parents = from.filter((parent) => region.has(parent));
      return { id, parents, text: writes ? textOf(value) : undefined };
    });
  const heads = entries.flatMap(({ revision, value }) =>
    value === undefined ? [] : [{ id: revision, text: textOf(value) }],
  );
  return { base: textOf(base.get(path)), steps, heads };
}

/** A text that is not there, or is no text, counts as empty in a replay. */
function textOf(value: Value): string {
  return typeof value === "string" ? value : "";
}

/** Step 4: a value in C with a value in C of some path below it. Takes hidden ones off `leaves`. */
function clashes(
  history: History,
  region: ReadonlySet<string>,
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
    found.set(
      path,
      conflictOf(object, path, "structure", [...entries, ...deeper], {
        revision: isHidden ? null : (winner?.revision ?? null),
        value: isHidden ? undefined : leaves.get(path),
        rule: "structure",
      }),
    );
  }
  for (const path of hidden) leaves.delete(path);
  return found;
}

function conflictOf(
  object: string,
  path: string,
  kind: ConflictKind,
  entries: readonly Entry[],
  chosen: { revision: string | null; value: Value; rule: string },
): OracleConflict {
  const byRevision = new Map<string, Candidate>();
  for (const { revision, value } of entries) {
    if (!byRevision.has(revision)) byRevision.set(revision, { revision, value });
  }
  const candidates = [...byRevision.values()].sort((a, b) => (a.revision < b.revision ? -1 : 1));
  const idKind = kind === "text" ? "value" : kind;
  const ids = candidates.map(({ revision }) => revision);
  return {
    id: derivedId(["syncline/conflict/1", object, path, idKind, ids]),
    object,
    path,
    kind,
    candidates,
    chosen: { revision: chosen.revision, value: chosen.value },
    rule: chosen.rule,
  };
}
