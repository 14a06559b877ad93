import type { InstanceId } from "../../base/ids.ts";
import { parseStored } from "../../log/stored-json.ts";
import { type MetEpoch, type MetPeer, meetings } from "../continuity.ts";
import { type Db, prepared } from "./database.ts";
import { rowSum } from "./row-sum.ts";

/** In which epochs a peer was met, oldest first. */
export function readMet(db: Db, peer: InstanceId): readonly MetEpoch[] {
  const text = prepared(db, "SELECT epochs FROM met WHERE peer = ?").pluck().get(peer);
  return text === undefined ? [] : parseStored<MetEpoch[]>(text as string, `met ${peer}`);
}

/** Notes whom a peer says it is, and was; inside a transaction. */
export function writeMeeting(db: Db, peer: MetPeer): void {
  const set = prepared(db, "INSERT OR REPLACE INTO met (peer, epochs, sum) VALUES (?, ?, ?)");
  for (const [instance, epochs] of meetings(peer, (one) => readMet(db, one))) {
    const row = [instance, JSON.stringify(epochs)];
    set.run(...row, rowSum(...row));
  }
}
