import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { SynclineError } from "../../base/errors.ts";
import { HANDSHAKE_MS_MAX } from "../../base/limits.ts";
import { SUBPROTOCOL } from "../../protocol/version.ts";
import type { Connection } from "../connection.ts";
import { answerError, dialError } from "./dial-error.ts";
import { WS_SETTINGS } from "./settings.ts";
import { syncUrl } from "./sync-url.ts";
import { WsConnection } from "./ws-connection.ts";

/**
 * Connects to the sync endpoint of the instance at `url`. Throws CONNECT_FAILED (nobody there),
 * NOT_A_PEER (something else answers), TIMEOUT, INTERRUPTED (the signal), USAGE (no address).
 */
export function dialWebSocket(
  url: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Connection> {
  const { signal } = options;
  const { promise, resolve, reject } = Promise.withResolvers<Connection>();
  const ws = new WebSocket(syncUrl(url), SUBPROTOCOL, {
    ...WS_SETTINGS,
    followRedirects: false,
    handshakeTimeout: HANDSHAKE_MS_MAX,
  });
  const stop = (): void => {
    reject(new SynclineError("INTERRUPTED", "the sync was stopped", { retriable: true }));
    ws.terminate();
  };
  const fail = (error: Error): void => reject(dialError(url, error));
  ws.on("error", fail);
  ws.on("unexpected-response", (_request, answer: IncomingMessage) => {
    reject(answerError(url, answer.statusCode ?? 0));
    ws.terminate();
  });
  ws.on("upgrade", (answer: IncomingMessage) => {
    // The socket is taken here: the WebSocket itself does not give it.
    const socket: Socket = answer.socket;
    ws.once("open", () => {
      resolve(new WsConnection(ws, socket));
      ws.off("error", fail);
    });
  });
  signal?.addEventListener("abort", stop);
  if (signal?.aborted === true) stop();
  return promise.finally(() => signal?.removeEventListener("abort", stop));
}
