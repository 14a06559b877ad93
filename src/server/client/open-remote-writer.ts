import { isSynclineError, SynclineError } from "../../base/errors.ts";
import { HANDSHAKE_MS_MAX } from "../../base/limits.ts";
import { systemTimers, type Timers } from "../../base/ports/timers.ts";
import { openInstance } from "../../index.ts";
import { readServeFile, type ServeFile } from "../../instance/folder/serve-file.ts";
import type { Writer } from "../writer.ts";
import { ApiClient } from "./api-client.ts";
import { RemoteWriter } from "./remote-writer.ts";

/**
 * The writer behind the server of a folder; undefined when no server answers there. Throws `TIMEOUT`
 * when one is there that says nothing.
 */
export async function openRemoteWriter(
  folder: string,
  timers: Timers = systemTimers,
): Promise<Writer | undefined> {
  const client = await answeringServer(folder, timers);
  if (client === undefined) return undefined;
  return new RemoteWriter(client, await openInstance(folder, { readOnly: true }));
}

/**
 * The server of a folder; undefined when none answers. (The serve file of a process that was killed
 * stays behind, and something else may have its port.)
 */
export async function answeringServer(
  folder: string,
  timers: Timers = systemTimers,
): Promise<ApiClient | undefined> {
  const serve = readServeFile(folder);
  if (serve === undefined) return undefined;
  const client = new ApiClient(serve.url, serve.token, timers);
  try {
    return (await client.pid(HANDSHAKE_MS_MAX)) === serve.pid ? client : undefined;
  } catch (error) {
    if (isSynclineError(error, "TIMEOUT")) throw notAnswering(folder, serve, error);
    if (isSynclineError(error, "CONNECT_FAILED", "NOT_A_PEER")) return undefined;
    throw error;
  }
}

function notAnswering(
  folder: string,
  { url, pid }: ServeFile,
  cause: SynclineError,
): SynclineError {
  const message = `process ${pid} serves ${folder} at ${url}, but does not answer`;
  return new SynclineError("TIMEOUT", message, {
    where: folder,
    hint: `it is stopped or overloaded: kill -CONT ${pid} wakes it, kill -9 ${pid} ends it safely`,
    retriable: true,
    cause,
  });
}
