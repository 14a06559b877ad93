import { actorId, type InstanceId } from "../base/ids.ts";
import { randomId } from "../base/new-ids.ts";
import { type EpochReason, ended, noted, type RecoveryNote } from "./continuity.ts";
import type { PlanTables, StorePorts } from "./plan-tables.ts";
import type { Identity } from "./rows.ts";

/** How an instance changes its identity; each function runs inside a transaction. */

/** Begins an epoch: from now on nothing bears a number that was given out before. */
export function beginEpoch(
  tables: PlanTables,
  { clock, random }: StorePorts,
  reason: EpochReason,
): Identity {
  const before = tables.identity();
  const identity = { ...before, epoch: randomId(random) };
  tables.saveIdentity(identity, ended(before, tables.continuity(), clock.nowMs(), reason));
  return identity;
}

/** Becomes another instance, which holds the same and was authored by the former one. */
export function becomeNew(
  tables: PlanTables,
  { clock, random }: StorePorts,
  name: string | null,
): Identity {
  const before = tables.identity();
  const identity = {
    instance: randomId(random) as InstanceId,
    name: name ?? before.name,
    epoch: randomId(random),
  };
  tables.saveIdentity(identity, ended(before, tables.continuity(), clock.nowMs(), "new-identity"));
  return identity;
}

/** The newest number that the own actor has given out; 0 before the first. */
export function ownNumber(tables: PlanTables): number {
  const { instance, epoch } = tables.identity();
  // An older version could not tell what was authored here from what came back after a restore.
  return Math.max(tables.authorMark().seq, tables.lastNumberOf(actorId(instance, epoch)));
}

/** Begins an epoch if somebody knows more numbers of the present one than were given out here. */
export function learnOwn(
  tables: PlanTables,
  ports: StorePorts,
  { epoch, seq }: { readonly epoch: string; readonly seq: number },
): boolean {
  if (epoch !== tables.identity().epoch || seq <= ownNumber(tables)) return false;
  beginEpoch(tables, ports, "peer");
  return true;
}

/** Notes what was learned since the epoch began; nothing where none is in doubt. */
export function noteRecovery(tables: PlanTables, note: RecoveryNote): void {
  const { former, doubt } = tables.continuity();
  if (doubt === null) return;
  tables.saveIdentity(tables.identity(), { former, doubt: noted(doubt, note) });
}
