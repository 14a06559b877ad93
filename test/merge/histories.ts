/**
 * Random histories of one object: a few actors, each with his own part of the revisions, who edit,
 * delete, restore, save over open merges and resolve, and pass on what they know. A history is
 * generated as a script first, so that a failing one can be made smaller by leaving out steps.
 */

import { History } from "../../src/oracle/history.ts";
import { Oracle } from "../../src/oracle/oracle.ts";
import { sameValue } from "../../src/oracle/strategy.ts";
import type { Leaves, OraclePolicy, OracleRevision, TextLibrary } from "../../src/oracle/types.ts";
import { applyChanges, author, type Edit } from "../oracle/author.ts";
import { WORDS } from "../oracle/words.ts";
import { type Act, FIRST, SAVES, THEMES } from "./edits.ts";
import { INSTANCES, OBJECT, POLICIES, TYPE } from "./policies.ts";
import { Random } from "./random.ts";

const SAVES_MAX = 14;

/** A step draws on its own seed alone, so that leaving out another changes little. */
type Step =
  | {
      readonly kind: "save";
      readonly actor: number;
      readonly policy: number;
      readonly seed: number;
    }
  | { readonly kind: "send"; readonly from: number; readonly to: number; readonly seed: number };

export interface Script {
  readonly seed: number;
  readonly actors: number;
  readonly themes: readonly string[];
  readonly steps: readonly Step[];
}

export interface HistoryOptions {
  /** All authors under one policy; otherwise each save may have another. */
  readonly policy?: number;
  readonly themes?: readonly string[];
  readonly texts?: TextLibrary;
  /** How many revisions a history may have at most; 14 if not said. */
  readonly savesMax?: number;
  /** What authors may have as their policy. */
  readonly policies?: readonly OraclePolicy[];
}

export interface RandomHistory {
  readonly script: Script;
  readonly revisions: ReadonlyMap<string, OracleRevision>;
  /** The heads of all revisions, sorted. */
  readonly frontier: readonly string[];
  /** By revision: what its author saw, with his edit. */
  readonly authored: ReadonlyMap<string, Leaves>;
  readonly history: History;
  /** One for each policy. */
  readonly oracles: readonly Oracle[];
  /** By revision: the oracle that its author asked. */
  readonly askedBy: ReadonlyMap<string, Oracle>;
}

export function randomHistory(seed: number, options: HistoryOptions = {}): RandomHistory {
  return play(scriptOf(seed, options), options);
}

export function scriptOf(seed: number, options: HistoryOptions = {}): Script {
  const random = new Random(seed);
  const actors = 2 + random.below(4);
  const { savesMax = SAVES_MAX, policies = POLICIES } = options;
  const saves = 3 + random.below(savesMax - 2);
  const names = options.themes ?? Object.keys(THEMES);
  const themes = [random.pick(names), random.pick(names)];
  const policyOf = Array.from({ length: actors }, () => random.below(policies.length));
  const steps: Step[] = [];
  const save = (actor: number) => {
    if (random.oneIn(6)) policyOf[actor] = random.below(policies.length);
    const policy = options.policy ?? (policyOf[actor] as number);
    steps.push({ kind: "save", actor, policy, seed: random.bits() });
  };
  const send = (from: number, to: number) => {
    if (from !== to) steps.push({ kind: "send", from, to, seed: random.bits() });
  };
  if (!random.oneIn(12)) {
    save(0);
    for (let actor = 1; actor < actors; actor++) send(0, actor);
  }
  while (steps.filter(({ kind }) => kind === "save").length < saves) {
    const roll = random.below(10);
    if (roll < 1) {
      for (let one = 0; one < actors; one++) save(one);
    } else if (roll < 2) {
      for (let one = 1; one < actors; one++) send(one, 0);
      for (let one = 1; one < actors; one++) send(0, one);
      for (let one = 0; one < actors; one++) save(one);
    } else if (roll < 4) {
      for (let one = 0; one < actors; one++) {
        for (let other = 0; other < actors; other++) if (random.oneIn(2)) send(one, other);
      }
      for (let one = 0; one < actors; one++) if (random.oneIn(2)) save(one);
    } else if (roll < 9) {
      const actor = random.below(actors);
      for (let other = 0; other < actors; other++) if (!random.oneIn(3)) send(other, actor);
      save(actor);
    } else save(random.below(actors));
  }
  return { seed, actors, themes, steps: steps.slice(0, lengthFor(steps, savesMax)) };
}

/** How many steps hold no more saves than a history may have. */
function lengthFor(steps: readonly Step[], savesMax: number): number {
  let saves = 0;
  const over = steps.findIndex(({ kind }) => kind === "save" && ++saves > savesMax);
  return over < 0 ? steps.length : over;
}

export function play(script: Script, options: HistoryOptions = {}): RandomHistory {
  const revisions = new Map<string, OracleRevision>();
  const history = new History(revisions);
  const authored = new Map<string, Leaves>();
  const known = Array.from({ length: script.actors }, () => new Set<string>());
  const { texts = WORDS, policies = POLICIES } = options;
  const oracles = policies.map((policy) => new Oracle(history, policy, texts));
  const askedBy = new Map<string, Oracle>();
  for (const step of script.steps) {
    const random = new Random(step.seed);
    if (step.kind === "send") {
      send(history, known[step.from] as Set<string>, known[step.to] as Set<string>, random);
      continue;
    }
    const oracle = oracles[step.policy] as Oracle;
    const mine = known[step.actor] as Set<string>;
    const frontier = history.heads(mine);
    const edit = editFor(oracle, frontier, script.themes, step.actor, random);
    if (edit === undefined) continue;
    const revision = author(oracle, frontier, edit);
    authored.set(revision.id, applyChanges(oracle.state(frontier).leaves, edit.changes));
    revisions.set(revision.id, revision);
    mine.add(revision.id);
    askedBy.set(revision.id, oracle);
  }
  const frontier = history.heads(revisions.keys());
  return { script, revisions, frontier, authored, history, oracles, askedBy };
}

/** Passes on everything, or what one revision descends from: always a whole past. */
function send(history: History, from: Set<string>, to: Set<string>, random: Random): void {
  const some = [...from];
  const passed = random.oneIn(3) && some.length > 0 ? history.down([random.pick(some)]) : from;
  for (const id of passed) to.add(id);
}

/** An edit, or nothing where the actor has nothing to say. */
function editFor(
  oracle: Oracle,
  frontier: readonly string[],
  themes: readonly string[],
  actor: number,
  random: Random,
): Edit | undefined {
  const { history } = oracle;
  const latest = Math.max(0, ...frontier.map((id) => history.revision(id).hlc));
  const envelope = {
    id: random.uuid(),
    object: OBJECT,
    type: TYPE,
    actor: `${INSTANCES[actor]}/${INSTANCES[actor]}`,
    hlc: latest + 1 + random.below(4),
  };
  if (frontier.length === 0) {
    const other = [
      { path: "/title", value: "b" },
      { path: "/notes", value: "ferry tide harbor" },
      { path: "/resources/r1/url", value: "v" },
    ].filter(() => random.oneIn(3));
    return { ...envelope, changes: [{ path: "", value: FIRST }, ...other] };
  }
  const seen = oracle.state(frontier);
  const isJoin = frontier.length > 1;
  const actions = isJoin && random.oneIn(2) ? SAVES : themes.flatMap((name) => THEMES[name] ?? []);
  const acts: Act[] = [random.pick(actions)(random, seen)];
  if (random.oneIn(4)) acts.push(random.pick(actions)(random, seen));
  const changes = acts.flatMap((act) => act.changes);
  const resolve = acts.flatMap((act) => act.resolve ?? []);
  if (isJoin || resolve.length > 0) return { ...envelope, changes, resolve };
  const after = applyChanges(seen.leaves, changes);
  const isIdle =
    after.size === seen.leaves.size &&
    [...after].every(([path, value]) => sameValue(seen.leaves.get(path), value));
  return isIdle ? undefined : { ...envelope, changes };
}

/** A smallest script that still fails: steps are left out one by one, for as long as it helps. */
export function shrink(script: Script, fails: (script: Script) => boolean): Script {
  let smallest = script;
  for (let at = 0; at < smallest.steps.length; ) {
    const steps = smallest.steps.filter((_step, index) => index !== at);
    const smaller = { ...smallest, steps };
    if (fails(smaller)) {
      smallest = smaller;
      at = 0;
    } else at++;
  }
  return smallest;
}
