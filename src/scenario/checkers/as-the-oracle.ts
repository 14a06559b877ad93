import { derivedId } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import { AUTOMERGE } from "../../oracle/automerge-texts.ts";
import { History } from "../../oracle/history.ts";
import { oracleLog } from "../../oracle/log.ts";
import { Oracle } from "../../oracle/oracle.ts";
import type { Leaves, OracleRecord, OracleRevision } from "../../oracle/types.ts";
import { difference, RECORD, unlike } from "../../oracle/unlike.ts";
import { leavesOf } from "./leaves.ts";
import type { Checker, InstanceState } from "./world-state.ts";

/**
 * What an instance shows of each object and by which id, and its conflict log of it, no conflict more
 * or less, are what the merge rules say, evaluated independently of the engine, over the full history.
 */
export const asTheOracle: Checker = ({ instances }) => {
  const answers = new Map<string, Answer>();
  return distinct([...instances.values()]).flatMap((one) => {
    const logs = Map.groupBy(one.conflicts, ({ object }) => object);
    const histories = Map.groupBy(one.log, ({ object }) => object);
    return one.objects
      .filter(({ parked }) => !parked)
      .map((object) => {
        const key = [one.policy, ...object.heads].join(" ");
        const answer = answers.get(key) ?? answerOf(one, object, histories.get(object.id) ?? []);
        answers.set(key, answer);
        if (!isKnownRule(one, answer)) return undefined;
        const wrong = disagreement(object, logs.get(object.id) ?? [], answer);
        return wrong && `${one.name} merges ${object.id} otherwise: ${wrong}`;
      })
      .filter((wrong) => wrong !== undefined);
  });
};

/** One of those that have the same objects, by the same rules. */
function distinct(instances: readonly InstanceState[]): readonly InstanceState[] {
  const rules = ({ digest, policy, version }: InstanceState) => `${digest} ${policy} ${version}`;
  return [...new Map(instances.map((one) => [rules(one), one])).values()];
}

/** What the oracle says of an object at a frontier under a policy: most instances have the same. */
interface Answer {
  /** The version of the rules that the object is merged by. */
  readonly algorithm: number;
  /** The only head, or the merge of several: of them, the rules and the policy, and nothing else. */
  readonly revision: string | undefined;
  readonly leaves: Leaves;
  readonly conflicts: readonly OracleRecord[];
}

/** The oracle knows the first rules: others that are made up for tests are theirs to check. */
function isKnownRule({ edition }: InstanceState, { algorithm }: Answer): boolean {
  return edition.algorithms.get(algorithm) === edition.algorithms.get(FIRST);
}

const FIRST = 1;

function answerOf(
  { law, policy }: InstanceState,
  { id: object, heads }: InstanceState["objects"][number],
  log: InstanceState["log"],
): Answer {
  const revisions = new Map(
    log
      .filter(({ kind }) => kind === "revision")
      .map(({ id, text }) => [id, JSON.parse(text) as OracleRevision & Stated]),
  );
  const oracle = new Oracle(new History(revisions), law, AUTOMERGE);
  const algorithm = Math.max(...heads.map((head) => revisions.get(head)?.algorithm ?? FIRST));
  const merge = derivedId(["syncline/merge", algorithm, policy, object, [...heads].sort()]);
  return {
    algorithm,
    revision: heads.length > 1 ? merge : heads[0],
    leaves: oracle.state(heads).leaves,
    conflicts: oracleLog(oracle, heads),
  };
}

/** By which version of the rules a revision, and what is merged with it, is read. */
interface Stated {
  readonly algorithm?: number;
}

function disagreement(
  { revision, text }: InstanceState["objects"][number],
  log: InstanceState["conflicts"],
  answer: Answer,
): string | undefined {
  if (revision !== answer.revision) return `by the id ${revision} against ${answer.revision}`;
  // Who goes by a name is no question of merging one object.
  const found = log.filter(({ kind }) => kind !== "name");
  return (
    difference(new Map(leavesOf(JSON.parse(text) as JsonObject)), answer.leaves) ??
    unlike(found, answer.conflicts, RECORD)
  );
}
