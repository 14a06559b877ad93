import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { SYNC_CONNECTIONS_MAX } from "../../base/limits.ts";
import { SUBPROTOCOL, SYNC_PATH } from "../../protocol/version.ts";
import { CLOSE_CODES, type Connection } from "../connection.ts";
import { isLoopback, isLoopbackHost } from "./loopback.ts";
import { WS_SETTINGS } from "./settings.ts";
import { WsConnection } from "./ws-connection.ts";

export interface AttachOptions {
  /** Takes each connection; nothing was read from it yet. */
  readonly accept: (connection: Connection) => void;
  /**
   * The origins of the server's own pages, such as `http://127.0.0.1:7300`. Any web page can make
   * a browser connect to localhost, so a request with another Origin is refused. Programs send none.
   */
  readonly ownOrigins?: () => readonly string[];
}

export interface SyncEndpoint {
  /** Takes no more connections and ends those there are. */
  close(): void;
}

/** Serves the sync endpoint on an HTTP server, next to whatever else the server does. */
export function attachSync(server: Server, options: AttachOptions): SyncEndpoint {
  const sockets = new WebSocketServer({
    ...WS_SETTINGS,
    noServer: true,
    clientTracking: true,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (pathOf(request) !== SYNC_PATH) {
      // Another listener may know the path; alone, nobody else would ever answer.
      if (server.listenerCount("upgrade") === 1) refuse(socket, "404 Not Found");
      return;
    }
    const refusal = refusalOf(server, request, options, sockets.clients.size);
    if (refusal !== undefined) {
      refuse(socket, refusal);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws: WebSocket) => {
      options.accept(new WsConnection(ws, socket as Socket));
    });
  };
  server.on("upgrade", onUpgrade);
  return {
    close() {
      server.off("upgrade", onUpgrade);
      for (const ws of sockets.clients) ws.close(CLOSE_CODES.goingAway);
    },
  };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] as string;
}

/** The HTTP status that a request is refused with; undefined when it is welcome. */
function refusalOf(
  server: Server,
  request: IncomingMessage,
  { ownOrigins }: AttachOptions,
  connections: number,
): string | undefined {
  const { origin, host } = request.headers;
  if (listensOnLoopback(server) && !isLoopbackHost(host)) return "403 Forbidden";
  if (origin !== undefined && !(ownOrigins?.() ?? []).includes(origin)) return "403 Forbidden";
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",");
  if (!offered.some((name) => name.trim() === SUBPROTOCOL)) return "400 Bad Request";
  return connections >= SYNC_CONNECTIONS_MAX ? "503 Service Unavailable" : undefined;
}

function listensOnLoopback(server: Server): boolean {
  const address = server.address();
  return typeof address === "object" && address !== null && isLoopback(address.address);
}

function refuse(socket: Duplex, status: string): void {
  socket.on("error", () => socket.destroy());
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
