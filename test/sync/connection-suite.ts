// What every implementation of the connection port has to do. Run by one test file per transport.
import { afterEach, describe, expect, test } from "vitest";
import { FRAME_BYTES_MAX, SEND_BUFFER_BYTES_MAX } from "../../src/base/limits.ts";
import type { CloseReason, Connection } from "../../src/sync/connection.ts";

export interface ConnectionPair {
  readonly dialer: Connection;
  readonly acceptor: Connection;
  /** Ends what the pair needed. */
  dispose(): Promise<void>;
}

/** Hears what comes in, and waits for it. */
class Listener {
  readonly frames: (string | Uint8Array)[] = [];
  reason: CloseReason | undefined;
  #wake: () => void = () => undefined;

  constructor(connection: Connection) {
    connection.listen({
      frame: (data) => {
        expect(this.reason, "a frame after the end").toBeUndefined();
        this.frames.push(data);
        this.#wake();
      },
      closed: (reason) => {
        expect(this.reason, "ended twice").toBeUndefined();
        this.reason = reason;
        this.#wake();
      },
    });
  }

  async until(holds: (listener: Listener) => boolean): Promise<void> {
    while (!holds(this)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

export function connectionSuite(name: string, open: () => Promise<ConnectionPair>): void {
  describe(`${name} connection`, () => {
    let pair: ConnectionPair | undefined;
    afterEach(async () => {
      await pair?.dispose();
      pair = undefined;
    });

    test("carries text and bytes in order, both ways", async () => {
      pair = await open();
      const { dialer, acceptor } = pair;
      const [there, here] = [new Listener(acceptor), new Listener(dialer)];
      dialer.send("one é");
      dialer.send(Uint8Array.of(1, 2, 3));
      dialer.send("three");
      acceptor.send(new Uint8Array(300_000).fill(7));
      acceptor.send("back");
      await there.until(({ frames }) => frames.length === 3);
      await here.until(({ frames }) => frames.length === 2);
      expect([there.frames[0], there.frames[2]]).toEqual(["one é", "three"]);
      expect(Buffer.from(there.frames[1] as Uint8Array)).toEqual(Buffer.from([1, 2, 3]));
      expect((here.frames[0] as Uint8Array).length).toBe(300_000);
      expect(here.frames[1]).toBe("back");
    });

    test("keeps what comes before anybody listens, and delivers it later", async () => {
      pair = await open();
      pair.dialer.send("early");
      pair.dialer.send("too");
      await new Promise((resolve) => setTimeout(resolve, 30));
      const there = new Listener(pair.acceptor);
      expect(there.frames).toEqual([]);
      pair.dialer.send("late");
      await there.until(({ frames }) => frames.length === 3);
      expect(there.frames).toEqual(["early", "too", "late"]);
    });

    test("tells a listener that comes after the end", async () => {
      pair = await open();
      new Listener(pair.dialer);
      pair.dialer.send("last words");
      pair.dialer.close(1000);
      await new Promise((resolve) => setTimeout(resolve, 30));
      const there = new Listener(pair.acceptor);
      await there.until(({ reason }) => reason !== undefined);
      expect(there.frames).toEqual(["last words"]);
    });

    test("closing delivers what was sent, and both ends hear the code once", async () => {
      pair = await open();
      const { dialer, acceptor } = pair;
      const [there, here] = [new Listener(acceptor), new Listener(dialer)];
      for (let count = 0; count < 20; count++) dialer.send(new Uint8Array(50_000));
      dialer.send("end");
      dialer.close(1000);
      dialer.send("ignored");
      dialer.close(1002);
      await there.until(({ reason }) => reason !== undefined);
      await here.until(({ reason }) => reason !== undefined);
      expect(there.frames).toHaveLength(21);
      expect(there.frames.at(-1)).toBe("end");
      expect([there.reason?.code, here.reason?.code]).toEqual([1000, 1000]);
    });

    test("destroying ends both sides without a code", async () => {
      pair = await open();
      const [there, here] = [new Listener(pair.acceptor), new Listener(pair.dialer)];
      pair.dialer.destroy();
      await there.until(({ reason }) => reason !== undefined);
      await here.until(({ reason }) => reason !== undefined);
      expect([there.reason?.code, here.reason?.code]).toEqual([1006, 1006]);
      pair.dialer.send("ignored");
      pair.dialer.close(1000);
      pair.dialer.destroy();
    });

    test("says how much is queued, and when it is gone", async () => {
      pair = await open();
      const { dialer, acceptor } = pair;
      const there = new Listener(acceptor);
      new Listener(dialer);
      for (let count = 0; count < 8; count++) dialer.send(new Uint8Array(1_000_000));
      expect(dialer.bufferedBytes).toBeGreaterThan(SEND_BUFFER_BYTES_MAX);
      await dialer.drained(SEND_BUFFER_BYTES_MAX);
      expect(dialer.bufferedBytes).toBeLessThanOrEqual(SEND_BUFFER_BYTES_MAX);
      await dialer.drained(0);
      await there.until(({ frames }) => frames.length === 8);
    });

    test("does not leave anybody waiting for a queue that will never empty", async () => {
      pair = await open();
      new Listener(pair.dialer);
      for (let count = 0; count < 8; count++) pair.dialer.send(new Uint8Array(4_000_000));
      const waiting = pair.dialer.drained(0);
      pair.dialer.destroy();
      await waiting;
      await pair.dialer.drained(0);
    });

    test("counts the bytes of both directions, also after the end", async () => {
      pair = await open();
      const { dialer, acceptor } = pair;
      const [there, here] = [new Listener(acceptor), new Listener(dialer)];
      const before = { out: dialer.bytesOut, in: acceptor.bytesIn };
      dialer.send(new Uint8Array(100_000));
      await there.until(({ frames }) => frames.length === 1);
      expect(dialer.bytesOut - before.out).toBeGreaterThanOrEqual(100_000);
      expect(acceptor.bytesIn - before.in).toBeLessThan(100_100);
      dialer.close(1000);
      await there.until(({ reason }) => reason !== undefined);
      await here.until(({ reason }) => reason !== undefined);
      expect(acceptor.bytesIn).toBe(dialer.bytesOut);
      expect(acceptor.bytesOut).toBe(dialer.bytesIn);
    });

    test("carries the largest frame that is allowed", async () => {
      pair = await open();
      const there = new Listener(pair.acceptor);
      pair.dialer.send(new Uint8Array(FRAME_BYTES_MAX));
      await there.until(({ frames }) => frames.length === 1);
      expect(there.frames[0]).toHaveLength(FRAME_BYTES_MAX);
    });

    test("ends with FRAME_TOO_LARGE at a frame over the limit", async () => {
      pair = await open();
      const [there, here] = [new Listener(pair.acceptor), new Listener(pair.dialer)];
      pair.dialer.send(new Uint8Array(FRAME_BYTES_MAX + 1));
      await there.until(({ reason }) => reason !== undefined);
      expect(there.frames).toEqual([]);
      expect(there.reason?.error?.code).toBe("FRAME_TOO_LARGE");
      await here.until(({ reason }) => reason !== undefined);
      expect(here.reason?.code).toBe(1009);
    });
  });
}
