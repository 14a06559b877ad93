import { isSynclineError } from "../../base/errors.ts";
import { isJsonObject } from "../../base/json.ts";
import { openInstance } from "../../index.ts";
import { readServeFile } from "../../instance/folder/serve-file.ts";
import type { Writer } from "../writer.ts";
import { ApiClient } from "./api-client.ts";
import { RemoteWriter } from "./remote-writer.ts";

/**
 * The writer behind the server of a folder; undefined when no server answers there (the serve file
 * of a process that was killed stays behind).
 */
export async function openRemoteWriter(folder: string): Promise<Writer | undefined> {
  const serve = readServeFile(folder);
  if (serve === undefined) return undefined;
  const client = new ApiClient(serve.url, serve.token);
  try {
    const health = await client.call("GET", "/healthz");
    // Another server may have the port of one that was killed.
    if (!isJsonObject(health) || health.pid !== serve.pid) return undefined;
  } catch (error) {
    if (isSynclineError(error, "CONNECT_FAILED", "NOT_A_PEER")) return undefined;
    throw error;
  }
  return new RemoteWriter(client, await openInstance(folder, { readOnly: true }));
}
