// A server with the sync endpoint on the loopback interface, and a connection to it.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Connection } from "../../src/sync/connection.ts";
import { type AttachOptions, attachSync } from "../../src/sync/ws/attach.ts";
import { dialWebSocket } from "../../src/sync/ws/dial.ts";
import type { ConnectionPair } from "./connection-suite.ts";

export interface TestServer {
  readonly server: Server;
  readonly url: string;
  close(): Promise<void>;
}

export async function listen(server: Server): Promise<TestServer> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    server,
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export async function serveSync(options: AttachOptions): Promise<TestServer> {
  const served = await listen(createServer());
  const endpoint = attachSync(served.server, options);
  return {
    ...served,
    close() {
      endpoint.close();
      return served.close();
    },
  };
}

export async function wsPair(): Promise<ConnectionPair> {
  const accepted = Promise.withResolvers<Connection>();
  const served = await serveSync({ accept: accepted.resolve });
  const dialer = await dialWebSocket(served.url);
  const acceptor = await accepted.promise;
  return {
    dialer,
    acceptor,
    dispose() {
      dialer.destroy();
      return served.close();
    },
  };
}
