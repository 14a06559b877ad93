import type { SessionEvent } from "./events.ts";
import type { SourceSide } from "./source.ts";
import type { TargetSide } from "./target.ts";

/** What a store and a codec answer to the two directions. */
export type Answer = Extract<
  SessionEvent,
  {
    readonly kind:
      | ("chains" | "noted" | "policies" | "policiesTaken" | "limit" | "removalsCounted")
      | ("evaluated" | "left" | "entered" | "leftNoted" | "leavingCounted" | "dropped")
      | ("removalsListed" | "wouldRemove" | "purges" | "page" | "decoded" | "covered" | "stored");
  }
>;

/** Tells an answer to the direction that asked. */
export function tell(
  answer: Answer,
  source: SourceSide | undefined,
  target: TargetSide | undefined,
): void {
  switch (answer.kind) {
    case "chains":
      if (answer.side === "source") source?.onChains(answer.chains, answer.number, answer.names);
      else target?.onChains(answer.chains);
      break;
    case "noted":
      break;
    case "policies":
      source?.onPolicies(answer.records);
      break;
    case "policiesTaken":
      target?.onPoliciesTaken(answer.outcome);
      break;
    case "limit":
      target?.onLimit(answer.limit);
      break;
    case "removalsCounted":
      source?.onRemovalsCounted(answer.counts);
      break;
    case "removalsListed":
      source?.onRemovalsListed(answer.removals);
      break;
    case "wouldRemove":
      target?.onWouldRemove(answer.count);
      break;
    case "purges":
      source?.onPurges(answer.records);
      break;
    case "evaluated":
      source?.onEvaluated(answer.state);
      break;
    case "left":
      source?.onLeft(answer.objects);
      break;
    case "entered":
      source?.onEntered(answer.page);
      break;
    case "leftNoted":
      target?.onLeftNoted();
      break;
    case "leavingCounted":
      target?.onLeavingCounted(answer.count);
      break;
    case "dropped":
      target?.onDropped(answer.outcome);
      break;
    case "page":
      source?.onPage(answer.page);
      break;
    case "decoded":
      target?.onDecoded(answer.bytes);
      break;
    case "covered":
      target?.onCovered(answer.lsn, answer.objects);
      break;
    case "stored":
      source?.onStored(answer.outcome);
      target?.onStored(answer.outcome);
      break;
  }
}
