import { isSynclineError, SynclineError } from "../../base/errors.ts";
import { isJsonObject } from "../../base/json.ts";
import { HANDSHAKE_MS_MAX } from "../../base/limits.ts";
import { systemTimers, type Timers } from "../../base/ports/timers.ts";
import { openInstance } from "../../index.ts";
import { readServeFile, type ServeFile } from "../../instance/folder/serve-file.ts";
import type { Writer } from "../writer.ts";
import { ApiClient } from "./api-client.ts";
import { RemoteWriter } from "./remote-writer.ts";

/**
 * The writer behind the server of a folder; undefined when no server answers there (the serve file
 * of a process that was killed stays behind). Throws `TIMEOUT` when one is there that says nothing.
 */
export async function openRemoteWriter(
  folder: string,
  timers: Timers = systemTimers,
): Promise<Writer | undefined> {
  const serve = readServeFile(folder);
  if (serve === undefined) return undefined;
  const client = new ApiClient(serve.url, serve.token, timers);
  try {
    const health = await client.call("GET", "/healthz", undefined, HANDSHAKE_MS_MAX);
    // Another server may have the port of one that was killed.
    if (!isJsonObject(health) || health.pid !== serve.pid) return undefined;
  } catch (error) {
    if (isSynclineError(error, "TIMEOUT")) throw notAnswering(folder, serve, error);
    if (isSynclineError(error, "CONNECT_FAILED", "NOT_A_PEER")) return undefined;
    throw error;
  }
  return new RemoteWriter(client, await openInstance(folder, { readOnly: true }));
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
