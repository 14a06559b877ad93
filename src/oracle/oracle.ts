/**
 * The merge rules, evaluated slowly and in the open: the full history from an empty base, with a
 * choke point for the replay of texts alone, which is defined by it. `content` and `state` are the
 * page's definitions, word for word.
 */
import type { Json } from "../base/json.ts";
import { type Evaluation, evaluate, type Rules } from "./evaluate.ts";
import type { History } from "./history.ts";
import { setOrDelete } from "./paths.ts";
import type { Replay } from "./texts.ts";
import type { Leaves, OraclePolicy, OracleState, TextLibrary } from "./types.ts";

const EMPTY: Leaves = new Map();

/** One history under one policy. Revisions may be added to it: nothing known ever changes. */
export class Oracle {
  readonly history: History;
  readonly rules: Rules;
  readonly #contents = new Map<string, Leaves>();
  readonly #evaluations = new Map<string, Evaluation>();

  constructor(history: History, policy: OraclePolicy, texts: TextLibrary) {
    this.history = history;
    this.rules = { policy, texts };
  }

  /** "leaves of state(parents(r)); then r's pins; then r's touches; then r's own writes" */
  content(id: string): Leaves {
    const known = this.#contents.get(id);
    if (known !== undefined) return known;
    const { history } = this;
    const leaves = new Map<string, Json>(this.state(history.revision(id).parents).leaves);
    for (const [path, pin] of history.pins(id)) setOrDelete(leaves, path, pin.value);
    for (const flag of history.touches(id)) leaves.delete(flag);
    for (const [path, value] of history.writes(id)) setOrDelete(leaves, path, value);
    this.#contents.set(id, leaves);
    return leaves;
  }

  state(frontier: readonly string[]): OracleState {
    const [only] = frontier;
    if (only === undefined) return { leaves: EMPTY, conflicts: [] };
    if (frontier.length === 1) return { leaves: this.content(only), conflicts: [] };
    const { leaves, conflicts } = this.evaluation(frontier);
    return { leaves, conflicts };
  }

  /**
   * Steps 1 to 4 over all that the frontier descends from; for one revision too. Only the replay
   * of texts starts at the choke point, because the page defines it so.
   */
  evaluation(frontier: readonly string[]): Evaluation {
    const key = [...frontier].sort().join(" ");
    const known = this.#evaluations.get(key);
    if (known !== undefined) return known;
    const all = this.history.down(frontier);
    const evaluation = evaluate(this.history, all, EMPTY, this.rules, this.#above(frontier));
    this.#evaluations.set(key, evaluation);
    return evaluation;
  }

  /** The same with the choke point as base, which must make no difference. */
  evaluationFromChokePoint(frontier: readonly string[]): Evaluation {
    const { region, base } = this.#above(frontier);
    return evaluate(this.history, region, base, this.rules);
  }

  /** The same with texts replayed from the beginning; the page only says that it seldom differs. */
  evaluationWithFullReplay(frontier: readonly string[]): Evaluation {
    return evaluate(this.history, this.history.down(frontier), EMPTY, this.rules);
  }

  /** The page's U and content(X). */
  #above(frontier: readonly string[]): Replay {
    const choke = chokePoint(this.history, frontier);
    const all = this.history.down(frontier);
    if (choke === undefined) return { region: all, base: EMPTY };
    const below = this.history.down([choke]);
    const region = new Set([...all].filter((id) => !below.has(id)));
    return { region, base: this.content(choke) };
  }
}

/** "the largest revision such that all of D \ down(X) descends from X" */
export function chokePoint(history: History, frontier: readonly string[]): string | undefined {
  const all = history.down(frontier);
  const isChoke = (id: string) => {
    const below = history.down([id]);
    return [...all].every((other) => below.has(other) || history.ancestors(other).has(id));
  };
  return [...all]
    .filter(isChoke)
    .sort((a, b) => history.ancestors(a).size - history.ancestors(b).size)
    .at(-1);
}
