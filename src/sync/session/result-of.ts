import type { SynclineError } from "../../base/errors.ts";
import { NO_COUNTS } from "../counts.ts";
import { outcomeOf } from "../outcome.ts";
import { type Agreement, cursorOf } from "./handshake.ts";
import type { SessionResult } from "./result.ts";
import type { SourceSide } from "./source.ts";
import type { TargetSide } from "./target.ts";

interface SessionParts {
  readonly agreed: Agreement | undefined;
  readonly error: SynclineError | undefined;
  readonly upToDate: boolean;
  readonly wasLive: boolean;
  readonly source: SourceSide | undefined;
  readonly target: TargetSide | undefined;
}

/** What a session did, of its two halves. */
export function resultOf(parts: SessionParts): SessionResult {
  const { agreed, error, upToDate, wasLive, source, target } = parts;
  const { peer = null, direction = null } = agreed ?? {};
  return {
    outcome: error === undefined ? "ok" : outcomeOf(error.code),
    ...(error === undefined ? {} : { error }),
    peer,
    direction,
    scope: agreed?.scope.hash ?? null,
    ownHead: agreed?.ownHead.lsn ?? 0,
    upToDate,
    isRehearsal: agreed?.isRehearsal === true,
    wasLive,
    received: target?.tally.counts ?? NO_COUNTS,
    stretches: target?.tally.stretches ?? [],
    sent: source?.counts ?? NO_COUNTS,
    ...(target?.tally.refused ?? source?.refused ?? { refused: [] }),
    ...(target?.tally.concurrent ?? { merged: 0, newConflicts: 0 }),
    ...target?.besides,
    cursor: cursorIn(parts) ?? cursorOf(agreed),
    confirmed: source?.confirmed ?? (agreed?.upToDate ? agreed.ownHead.lsn : 0),
    isOwnOnly: agreed?.isOwnOnly === true,
    told: agreed?.told ?? [],
    recovered:
      agreed?.recovers === true && (target?.isDone === true || target?.hasReached === true),
  };
}

/** As the target, unless that only gets back what was lost. */
function cursorIn({ agreed, source, target }: SessionParts): SessionResult["cursor"] | undefined {
  const [sent, received] = [source?.cursor, target?.cursor];
  return agreed?.direction === "push" ? (sent ?? received) : (received ?? sent);
}
