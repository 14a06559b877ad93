import type { JsonObject } from "../../../src/base/json.ts";
import { leavesOf } from "../../../src/scenario/checkers/leaves.ts";
import type { Checker, InstanceState } from "../../../src/scenario/checkers/world-state.ts";
import { AUTOMERGE } from "../../oracle/automerge-texts.ts";
import { History } from "../../oracle/history.ts";
import { Oracle } from "../../oracle/oracle.ts";
import { difference } from "../../oracle/properties.ts";
import type { OracleRevision } from "../../oracle/types.ts";

/**
 * What an instance shows of an object with several heads, and the conflicts it found there, are what
 * the merge rules say, evaluated independently of the engine, over the full history.
 */
export const asTheOracle: Checker = ({ instances }) =>
  [...new Map([...instances.values()].map((one) => [one.digest, one])).values()].flatMap((one) =>
    one.objects
      .filter(({ heads, parked }) => heads.length > 1 && !parked)
      .map((object) => disagreement(one, object))
      .filter((wrong) => wrong !== undefined),
  );

function disagreement(
  instance: InstanceState,
  { id, heads, text }: InstanceState["objects"][number],
): string | undefined {
  const oracle = new Oracle(historyOf(instance, id), instance.law, AUTOMERGE);
  const { leaves, conflicts } = oracle.state(heads);
  const found = new Set(instance.conflicts.map((conflict) => conflict.id));
  const missing = conflicts.find((conflict) => !found.has(conflict.id));
  const wrong =
    difference(new Map(leavesOf(JSON.parse(text) as JsonObject)), leaves) ??
    (missing && `no conflict ${missing.id} at ${missing.path}`);
  return wrong && `${instance.name} merges ${id} otherwise: ${wrong}`;
}

function historyOf({ log }: InstanceState, object: string): History {
  const revisions = log.filter((entry) => entry.kind === "revision" && entry.object === object);
  return new History(
    new Map(revisions.map(({ id, text }) => [id, JSON.parse(text) as OracleRevision])),
  );
}
