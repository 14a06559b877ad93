// Proves that in-process connections do what the port says, and what only they can do: deliver
// when a scheduler says so, and break after a given number of frames.
import { describe, expect, test } from "vitest";
import { memoryPair } from "../../src/sync/memory/memory-connection.ts";
import { connectionSuite } from "./connection-suite.ts";

connectionSuite("memory", () =>
  Promise.resolve({ ...memoryPair(), dispose: () => Promise.resolve() }),
);

describe("the simulator's hooks", () => {
  test("a frame waits for its scheduled time, and order is kept", () => {
    const due: (() => void)[] = [];
    const { dialer, acceptor } = memoryPair({ schedule: (deliver) => due.push(deliver) });
    const heard: (string | Uint8Array)[] = [];
    acceptor.listen({ frame: (data) => heard.push(data), closed: () => undefined });
    dialer.send("one");
    dialer.send("two");
    expect(heard).toEqual([]);
    due.reverse();
    for (const deliver of due.splice(0)) deliver();
    expect(heard).toEqual(["one", "two"]);
  });

  test.each([0, 1, 2])("cut after %s frames, both ways together", async (cutAfterFrames) => {
    const { dialer, acceptor } = memoryPair({ cutAfterFrames });
    const heard: string[] = [];
    for (const [name, end] of Object.entries({ dialer, acceptor })) {
      end.listen({
        frame: (data) => heard.push(`${name} ${String(data)}`),
        closed: ({ code }) => heard.push(`${name} ends ${code}`),
      });
    }
    dialer.send("a");
    acceptor.send("b");
    dialer.send("c");
    await new Promise((resolve) => setTimeout(resolve, 5));
    const frames = ["acceptor a", "dialer b"].slice(0, cutAfterFrames);
    expect(heard).toEqual([...frames, "dialer ends 1006", "acceptor ends 1006"]);
  });
});
