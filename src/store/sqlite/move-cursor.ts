import type { InstanceId } from "../../base/ids.ts";
import { climbed } from "../ladder.ts";
import type { Rung } from "../rows.ts";
import type { ApplyBatch } from "../store.ts";
import { type Db, prepared } from "./database.ts";
import { rowSum } from "./row-sum.ts";

/** Sets how far the log of a peer, with this row number, has come here, inside a transaction. */
export function moveCursor(
  db: Db,
  row: number,
  peer: InstanceId,
  cursor: NonNullable<ApplyBatch["cursor"]>,
): void {
  const { scope } = cursor;
  const find = prepared(db, "SELECT ladder FROM cursor WHERE peer = ? AND scope = ?").pluck();
  const stored = find.get(row, scope) as string | undefined;
  const known = stored === undefined ? undefined : (JSON.parse(stored) as Rung[]);
  saveLadder(db, row, peer, scope, climbed(known, cursor));
}

/** Takes note that a peer has to send its log once more. */
export function emptyCursor(db: Db, row: number, peer: InstanceId, scope: string): void {
  saveLadder(db, row, peer, scope, []);
}

function saveLadder(
  db: Db,
  row: number,
  peer: InstanceId,
  scope: string,
  ladder: readonly Rung[],
): void {
  const text = JSON.stringify(ladder);
  const set = "INSERT OR REPLACE INTO cursor (peer, scope, ladder, sum) VALUES (?, ?, ?, ?)";
  prepared(db, set).run(row, scope, text, rowSum(peer, scope, text));
}
