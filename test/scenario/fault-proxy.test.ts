// Proves on plain TCP streams that the fault proxy does to connections what it says: each of its faults
// shows on the other side, ends when it is lifted, and harms no byte that it lets through.
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FaultProxy } from "../../src/scenario/real/fault-proxy.ts";

/** Within this time on the loopback interface, what is to come has come. */
const SOON_MS = 100;

let echo: Server;
let proxy: FaultProxy;
/** Sizes of the pieces in which bytes came to the far side. */
let pieces: number[];
let farEnds: Socket[];
let clients: Client[];

beforeEach(async () => {
  [pieces, farEnds, clients] = [[], [], []];
  echo = createServer((socket) => {
    farEnds.push(socket);
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      pieces.push(chunk.length);
      socket.write(chunk);
    });
  });
  await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
  proxy = await FaultProxy.listen((echo.address() as { readonly port: number }).port);
});

afterEach(async () => {
  for (const { socket } of clients) socket.destroy();
  await proxy.close();
  for (const socket of farEnds) socket.destroy();
  await new Promise((resolve) => echo.close(resolve));
});

/** Somebody who talks to the echo through the proxy. */
interface Client {
  readonly socket: Socket;
  readonly heard: () => string;
  readonly failure: () => string | undefined;
}

function client(): Client {
  const socket = connect(proxy.port, "127.0.0.1");
  socket.setNoDelay(true);
  let [heard, failure] = ["", undefined as string | undefined];
  socket.setEncoding("latin1").on("data", (text) => {
    heard += text;
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    failure = error.code;
  });
  const one = { socket, heard: () => heard, failure: () => failure };
  clients.push(one);
  return one;
}

/** True when it closed for an error. */
function closed(socket: Socket | undefined): Promise<boolean> {
  return new Promise((resolve) => socket?.once("close", resolve));
}

/** Says something and waits until its echo is back; how long that took. */
async function echoMs({ socket, heard }: Client, text: string): Promise<number> {
  const [startMs, wanted] = [performance.now(), heard() + text];
  socket.write(text);
  while (heard().length < wanted.length) await once(socket, "data");
  expect(heard()).toBe(wanted);
  return performance.now() - startMs;
}

test("latency: each way takes longer by so much, and no longer once it is lifted", async () => {
  const one = client();
  await echoMs(one, "hello");
  proxy.weather = { latencyMs: 80 };
  expect(await echoMs(one, "late")).toBeGreaterThanOrEqual(155);
  proxy.weather = {};
  const tries = [await echoMs(one, "1"), await echoMs(one, "2"), await echoMs(one, "3")];
  expect(Math.min(...tries)).toBeLessThan(155);
});

test("bandwidth: bytes take their time", async () => {
  const one = client();
  await echoMs(one, "hello");
  proxy.weather = { bytesPerSecond: 20_000 };
  expect(await echoMs(one, "x".repeat(4_000))).toBeGreaterThanOrEqual(390);
});

test("slices: bytes arrive in single pieces, in order and whole", async () => {
  const one = client();
  const text = Array.from({ length: 200 }, (_, at) => `${at},`).join("");
  await echoMs(one, text);
  const before = pieces.splice(0).length;
  proxy.weather = { sliceBytes: 1 };
  await echoMs(one, text);
  expect(before).toBeLessThan(5);
  expect(pieces.length).toBeGreaterThan(text.length / 4);
});

test("a black hole takes bytes and keeps connections; what it took does not come back", async () => {
  const one = client();
  await echoMs(one, "hello");
  proxy.weather = { blackHole: true };
  one.socket.write("lost");
  await delay(SOON_MS);
  expect(one.heard()).toBe("hello");
  expect([one.socket.destroyed, farEnds[0]?.destroyed]).toEqual([false, false]);
  proxy.weather = {};
  await echoMs(one, " again");
});

test("a connection that broke for who made it: what was said on it arrives late, and alone", async () => {
  const one = client();
  await echoMs(one, "hello");
  const arrive = proxy.breakLate();
  const ended = closed(one.socket);
  one.socket.write("last words");
  await ended;
  const other = client();
  await echoMs(other, "anew");
  expect(pieces).toEqual([5, 4]);
  arrive();
  await once(farEnds[0] as Socket, "data");
  expect(pieces).toEqual([5, 4, 10]);
  expect([one.heard(), other.heard()]).toEqual(["hello", "anew"]);
});

test("what is carried is counted, but for the HTTP in front of it", async () => {
  await echoMs(client(), "GET /sync HTTP/1.1\r\n\r\nabc");
  expect(proxy.bytes).toBe(2 * "abc".length);
});

test("what is held waits, and comes whole when it is let go", async () => {
  const one = client();
  await echoMs(one, "hello");
  proxy.hold();
  one.socket.write(" later");
  await delay(SOON_MS);
  expect(one.heard()).toBe("hello");
  proxy.letGo();
  while (one.heard().length < "hello later".length) await once(one.socket, "data");
  expect(one.heard()).toBe("hello later");
});

test("silence is for connections that are open; others get through", async () => {
  const [one, other] = [client(), client()];
  await echoMs(one, "hello");
  proxy.silence();
  one.socket.write("lost");
  await delay(SOON_MS);
  expect([one.heard(), one.socket.destroyed]).toEqual(["hello", false]);
  expect(other.socket.destroyed).toBe(false);
  await echoMs(client(), "somebody else");
});

test("a cut ends connections on both sides in order; the next one gets through", async () => {
  const one = client();
  await echoMs(one, "hello");
  const ends = [closed(one.socket), closed(farEnds[0])];
  proxy.cut();
  expect(await Promise.all(ends)).toEqual([false, false]);
  expect(one.failure()).toBeUndefined();
  await echoMs(client(), "somebody else");
});

test("a reset is an error on both sides", async () => {
  const one = client();
  await echoMs(one, "hello");
  const ends = [closed(one.socket), closed(farEnds[0])];
  proxy.reset();
  expect(await Promise.all(ends)).toEqual([true, true]);
  expect(one.failure()).toBe("ECONNRESET");
});

test("nobody gets through a network that is down, until it is up", async () => {
  proxy.weather = { isDown: true };
  const one = client();
  await closed(one.socket);
  expect([one.failure(), farEnds]).toEqual(["ECONNRESET", []]);
  proxy.weather = {};
  await echoMs(client(), "hello");
});
