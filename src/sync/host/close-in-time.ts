import { CLOSE_MS_MAX } from "../../base/limits.ts";
import type { Timers } from "../../base/ports/timers.ts";
import type { Connection } from "../connection.ts";

/** Waits for the end of a connection that either side is closing; cuts it when that takes long. */
export async function closeInTime(
  connection: Connection,
  closed: Promise<void>,
  timers: Timers,
): Promise<void> {
  const cancel = timers.after(CLOSE_MS_MAX, () => connection.destroy());
  await closed;
  cancel();
}
