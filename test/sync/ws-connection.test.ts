// Proves that WebSocket connections do what the port says, and who is turned away at the door.

import { createServer, request } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { FRAME_BYTES_MAX, FRAME_FRAGMENTS_MAX } from "../../src/base/limits.ts";
import { CLOSE_CODES, type CloseReason, type Connection } from "../../src/sync/connection.ts";
import { dialWebSocket } from "../../src/sync/ws/dial.ts";
import { syncUrl } from "../../src/sync/ws/sync-url.ts";
import { connectionSuite } from "./connection-suite.ts";
import { listen, serveSync, type TestServer, wsPair } from "./ws-pair.ts";

connectionSuite("WebSocket", wsPair);

let served: TestServer | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

describe("dialing", () => {
  test("a port where nobody listens is CONNECT_FAILED, with a hint", async () => {
    const { url, close } = await listen(createServer());
    await close();
    await expect(dialWebSocket(url)).rejects.toMatchObject({
      code: "CONNECT_FAILED",
      where: url,
      hint: expect.stringContaining("syncline serve"),
    });
  });

  test("an HTTP server without the endpoint is NOT_A_PEER", async () => {
    served = await listen(createServer((_request, response) => response.end("hello")));
    await expect(dialWebSocket(served.url)).rejects.toMatchObject({ code: "NOT_A_PEER" });
  });

  test("a WebSocket server of another kind is NOT_A_PEER", async () => {
    const server = createServer();
    new WebSocketServer({ server, handleProtocols: () => false });
    served = await listen(server);
    await expect(dialWebSocket(served.url)).rejects.toMatchObject({ code: "NOT_A_PEER" });
  });

  test("what does not speak HTTP is NOT_A_PEER", async () => {
    const server = createTcpServer((socket) => socket.end("SSH-2.0-nonsense\r\n\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await expect(dialWebSocket(`http://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: "NOT_A_PEER",
    });
    server.close();
  });

  test("a signal ends the attempt", async () => {
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const abort = new AbortController();
    const dialing = dialWebSocket(`http://127.0.0.1:${port}`, { signal: abort.signal });
    abort.abort();
    await expect(dialing).rejects.toMatchObject({ code: "INTERRUPTED" });
    server.close();
  });

  test.each([
    ["http://host:7300", "ws://host:7300/sync"],
    ["https://host/", "wss://host/sync"],
    ["http://host/catalog/", "ws://host/catalog/sync"],
    ["ws://host/sync", "ws://host/sync"],
  ])("%s is reached at %s", (url, expected) => {
    expect(syncUrl(url)).toBe(expected);
  });

  test.each(["", "host:7300", "ftp://host", "not an address"])("%j is no address", (url) => {
    expect(() => syncUrl(url)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});

test("a message in too many fragments ends the connection with 1008, one too large with 1009", async () => {
  const reasons: Promise<CloseReason>[] = [];
  const accept = (connection: Connection): void => {
    reasons.push(new Promise((closed) => connection.listen({ frame: () => {}, closed })));
  };
  served = await serveSync({ accept });
  const { url } = served;
  const codeAfter = (send: (ws: WebSocket) => void): Promise<number> =>
    new Promise((resolve) => {
      const ws = new WebSocket(syncUrl(url), "syncline.v1");
      ws.on("open", () => send(ws)).on("close", resolve);
    });
  const inPieces = (ws: WebSocket): void => {
    for (let piece = 0; piece <= FRAME_FRAGMENTS_MAX; piece++) ws.send("x", { fin: false });
  };
  expect(await codeAfter(inPieces)).toBe(CLOSE_CODES.refused);
  expect(await codeAfter((ws) => ws.send(Buffer.alloc(FRAME_BYTES_MAX + 1)))).toBe(
    CLOSE_CODES.tooLarge,
  );
  const errors = (await Promise.all(reasons)).map(({ error }) => error?.code);
  expect(errors).toEqual(["FRAME_TOO_LARGE", "FRAME_TOO_LARGE"]);
});

describe("the door", () => {
  const own = "http://127.0.0.1:7300";

  function knock(url: string, headers: Record<string, string>, path = "/sync"): Promise<number> {
    return new Promise((resolve, reject) => {
      const knocking = request(url + path, {
        headers: {
          Connection: "Upgrade",
          Upgrade: "websocket",
          "Sec-WebSocket-Version": "13",
          "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Protocol": "syncline.v1",
          ...headers,
        },
      });
      knocking.on("response", (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      knocking.on("upgrade", (response, socket) => {
        socket.destroy();
        resolve(response.statusCode ?? 0);
      });
      knocking.on("error", reject);
      knocking.end();
    });
  }

  test.each([
    [101, {}, "/sync"],
    [101, {}, "/sync?from=x"],
    [101, { Origin: own }, "/sync"],
    [403, { Origin: "http://evil.example" }, "/sync"],
    [403, { Origin: `${own}.evil.example` }, "/sync"],
    [403, { Origin: "null" }, "/sync"],
    [403, { Origin: "" }, "/sync"],
    [101, { Host: "localhost:7300" }, "/sync"],
    [101, { Host: "[::1]" }, "/sync"],
    [403, { Host: "evil.example" }, "/sync"],
    [403, { Host: "127.0.0.1.evil.example:7300" }, "/sync"],
    [400, { "Sec-WebSocket-Protocol": "chat" }, "/sync"],
    [404, {}, "/other"],
  ])("answers %i to %j at %s", async (status, headers, path) => {
    const accepted: Connection[] = [];
    served = await serveSync({ accept: (c) => accepted.push(c), ownOrigins: () => [own] });
    expect(await knock(served.url, headers, path)).toBe(status);
    expect(accepted).toHaveLength(status === 101 ? 1 : 0);
  });

  test("with no own origin, every page is refused", async () => {
    served = await serveSync({ accept: () => undefined });
    const { url } = served;
    expect(await knock(url, { Origin: url })).toBe(403);
  });

  test("a page's WebSocket fails before anything is read", async () => {
    served = await serveSync({ accept: () => expect.unreachable() });
    const ws = new WebSocket(syncUrl(served.url), "syncline.v1", { origin: "http://evil.example" });
    const message = await new Promise((resolve) =>
      ws.on("error", (error) => resolve(error.message)),
    );
    expect(message).toBe("Unexpected server response: 403");
  });
});
