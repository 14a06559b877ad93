// Proves that an input can be stopped while nothing comes, passes its faults on, and is not kept in
// memory: an import of any size holds only the chunk it is at.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { chunksUntil } from "../../src/instance/importing/chunks.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

async function* input(count: number, made: WeakRef<Uint8Array>[] = []): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) {
    const chunk = new Uint8Array(8);
    made.push(new WeakRef(chunk));
    yield chunk;
  }
}

test("chunks that were taken are let go while the input goes on", async () => {
  const made: WeakRef<Uint8Array>[] = [];
  const { signal } = new AbortController();
  const chunks = chunksUntil(input(100, made), signal);
  for (let i = 0; i < 50; i++) await chunks.next();
  // A weak reference holds its target until the turn in which it was made is over.
  await new Promise(setImmediate);
  collectGarbage();
  const kept = made.filter((chunk) => chunk.deref() !== undefined).length;
  expect({ made: made.length, few: kept < 5 }).toEqual({ made: 50, few: true });
});

test("stops while waiting for a chunk, and lets go of the input", async () => {
  const stopping = new AbortController();
  let released = false;
  const silent: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => {
        released = true;
        return { done: true, value: undefined };
      },
    }),
  };
  const waiting = chunksUntil(silent, stopping.signal).next();
  stopping.abort();
  await expect(waiting).rejects.toMatchObject({ code: "INTERRUPTED" });
  expect(released).toBe(true);
});

test("does not begin when it is stopped already; passes a fault of the input on", async () => {
  await expect(chunksUntil(input(1), AbortSignal.abort()).next()).rejects.toMatchObject({
    code: "INTERRUPTED",
  });
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* input(1);
    throw new Error("unplugged");
  }
  const chunks = chunksUntil(broken(), new AbortController().signal);
  await chunks.next();
  await expect(chunks.next()).rejects.toThrow("unplugged");
});
