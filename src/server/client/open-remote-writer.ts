import { isSynclineError } from "../../base/errors.ts";
import { openInstance } from "../../index.ts";
import { readServeFile } from "../../instance/folder/serve-file.ts";
import type { Writer } from "../writer.ts";
import { ApiClient } from "./api-client.ts";
import { RemoteWriter } from "./remote-writer.ts";

/** Time for a server to say that it is there. */
const ANSWER_MS_MAX = 2000;

/** The writer behind the server of a folder; undefined when no server answers there. */
export async function openRemoteWriter(folder: string): Promise<Writer | undefined> {
  const client = await answeringServer(folder);
  if (client === undefined) return undefined;
  return new RemoteWriter(client, await openInstance(folder, { readOnly: true }));
}

/**
 * The server of a folder; undefined when none answers. (The serve file of a process that was killed
 * stays behind, and something else may have its port.)
 */
export async function answeringServer(folder: string): Promise<ApiClient | undefined> {
  const serve = readServeFile(folder);
  if (serve === undefined) return undefined;
  const client = new ApiClient(serve.url, serve.token);
  try {
    return (await client.pid(ANSWER_MS_MAX)) === serve.pid ? client : undefined;
  } catch (error) {
    if (isSynclineError(error, "CONNECT_FAILED", "NOT_A_PEER")) return undefined;
    throw error;
  }
}
