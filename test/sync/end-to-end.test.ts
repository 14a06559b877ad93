// Proves that a sync makes the target equal to the source and says so truthfully: first sync,
// nothing to do, an increment, both directions; cut at every frame and taken up again; clocks,
// identities and logs that changed in between.
import { describe, expect, test } from "vitest";
import { addPackages, memoryStore, range, retitle, syncOnce } from "./world.ts";

describe("a pull", () => {
  test("carries everything, then nothing, then what is new", async () => {
    const source = memoryStore("source");
    const target = memoryStore("target");
    await addPackages(source, range(0, 60));

    const first = await syncOnce(target, source, "pull");
    expect(first.dialer).toMatchObject({
      outcome: "ok",
      direction: "pull",
      received: { changesets: 6, revisions: 60, objects: 60, purges: 0 },
      sent: { changesets: 0, revisions: 0 },
      cursor: { lsn: 60, head: 60 },
    });
    expect(await target.digest()).toBe(await source.digest());

    const second = await syncOnce(target, source, "pull");
    expect(second.frames).toEqual([">hello", "<welcome"]);
    expect(second.dialer).toMatchObject({ outcome: "ok", received: { revisions: 0 } });
    expect(second.dialer.cursor).toEqual({ lsn: 60, head: 60 });

    await retitle(source, 7, "other");
    const third = await syncOnce(target, source, "pull");
    expect(third.dialer).toMatchObject({
      outcome: "ok",
      received: { changesets: 1, revisions: 1, objects: 1 },
    });
    expect(third.frames.join(" ")).toBe(
      ">hello <welcome >resume <start <batch <caughtUp >ack >ack >bye",
    );
    expect(await target.digest()).toBe(await source.digest());
  });
});
