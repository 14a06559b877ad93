// Proves what a person meets when one number was given to two revisions, by a copy, a restored
// backup or a forger: both runs say so and what to do, nothing is stored, and authoring goes on.
import { expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { RUN_SAVED_EVERY_MS } from "../../src/base/limits.ts";
import { systemTimers } from "../../src/base/ports/timers.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { Author, batchOf } from "../store/records.ts";
import { liveSession } from "./live-world.ts";
import {
  addPackages,
  copyOf,
  memoryStore,
  range,
  restored,
  retitle,
  syncOnce,
  uuidFor,
} from "./world.ts";

/** Gives `at` a record that bears a number of `of`, which never made it. */
function forge(of: MemoryStore, at: MemoryStore, seq: number): void {
  const { instance, epoch } = of.identity();
  const actor = `${instance}/${epoch}`;
  const eve = new Author(7);
  const changeset = eve.changeset({ actor });
  const content = { name: "forged" };
  const type = "package";
  const object = uuidFor("forged") as ObjectId;
  const revision = eve.create(object, content, changeset, { actor, type, seq });
  const outcome = at.apply({ source: null, bytes: batchOf(changeset, revision), cursor: null });
  expect(outcome).toMatchObject({ revisions: 1, refused: [] });
}

function fork(store: MemoryStore): object {
  const error = {
    code: "ACTOR_FORK",
    message: expect.stringContaining(`${store.identity().instance} numbered two revisions 6`),
    hint: expect.stringContaining("syncline instance new-identity --name NEW"),
  };
  return { outcome: "failed", error };
}

test("a number that was forged and then used stops the link to who used it, and no author", async () => {
  const [mine, theirs] = [memoryStore("mine"), memoryStore("theirs")];
  await addPackages(mine, range(0, 5));
  await syncOnce(theirs, mine, "pull");
  forge(mine, theirs, 6);
  await addPackages(mine, [5]);

  const before = [theirs.head(), mine.head()];
  const { dialer, acceptor } = await syncOnce(theirs, mine, "pull");
  expect(dialer).toMatchObject(fork(mine));
  expect(acceptor.error?.message).toBe(`the peer reports: ${dialer.error?.message}`);
  expect(acceptor.error?.hint).toBe(`there: ${dialer.error?.hint}`);
  expect([theirs.head(), mine.head()]).toEqual(before);

  await retitle(mine, 5, "goes on");
  await retitle(theirs, 3, "goes on too");
  expect(mine.counts()).toMatchObject({ revisions: 7, quarantined: 0 });
});

test("who learns that somebody used its numbers goes on as another actor, and both are kept", async () => {
  const [mine, theirs] = [memoryStore("mine"), memoryStore("theirs")];
  await addPackages(mine, range(0, 5));
  await syncOnce(theirs, mine, "pull");
  forge(mine, theirs, 6);
  await addPackages(mine, [5]);
  const { epoch } = mine.identity();
  expect((await syncOnce(mine, theirs, "pull")).dialer.outcome).toBe("ok");
  expect(mine.identity().epoch).not.toBe(epoch);
  expect((await syncOnce(theirs, mine, "pull")).dialer).toMatchObject({
    outcome: "ok",
    refused: [],
  });
  expect(theirs.digest()).toBe(mine.digest());
});

test("a forged number that is known before it is used does no harm", async () => {
  const [mine, theirs] = [memoryStore("mine"), memoryStore("theirs")];
  await addPackages(mine, range(0, 5));
  await syncOnce(theirs, mine, "pull");
  forge(mine, theirs, 6);
  expect((await syncOnce(mine, theirs, "pull")).dialer.outcome).toBe("ok");
  await addPackages(mine, [5]);
  expect((await syncOnce(theirs, mine, "pull")).dialer).toMatchObject({
    outcome: "ok",
    refused: [],
  });
  expect(theirs.digest()).toBe(mine.digest());
});

test("a restored instance that pulls before it edits goes on with new numbers", async () => {
  const [mine, theirs] = [memoryStore("mine"), memoryStore("theirs")];
  await addPackages(mine, range(0, 20), { perChangeset: 1 });
  await syncOnce(theirs, mine, "pull");
  const back = await restored(mine, "mine", { upTo: 12, epoch: "epoch" });
  expect((await syncOnce(back, theirs, "pull")).dialer).toMatchObject({
    outcome: "ok",
    received: { revisions: 8 },
    refused: [],
  });
  await addPackages(back, range(20, 25));
  expect((await syncOnce(theirs, back, "pull")).dialer).toMatchObject({
    outcome: "ok",
    refused: [],
  });
  expect(theirs.digest()).toBe(back.digest());
});

test("a restored instance uses no number of its own again, though its record was purged", async () => {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  await addPackages(a, range(0, 2), { perChangeset: 1 });
  await syncOnce(b, a, "both");
  const change = { kind: "purge", object: uuidFor("package 1") as ObjectId, reason: "" } as const;
  b.author({ author: "ben", message: "", changes: [change] });
  const again = await restored(a, "a", { upTo: 1, epoch: "epoch" });
  expect((await syncOnce(b, again, "both")).dialer.outcome).toBe("ok");
  await addPackages(again, range(5, 6));
  expect((await syncOnce(b, again, "both")).dialer.outcome).toBe("ok");
  expect(again.digest()).toBe(b.digest());
});

/** What is done once a minute is done every 50 ms. */
const hasty = {
  after: (ms: number, run: () => void) =>
    systemTimers.after(ms === RUN_SAVED_EVERY_MS ? 50 : ms, run),
};

for (const who of ["dialer", "acceptor"] as const) {
  test(`two copies at once are noticed, where the live link of one is up: the ${who}`, async () => {
    const [mine, theirs] = [memoryStore("mine"), memoryStore("theirs")];
    await addPackages(mine, range(0, 5));
    const [here, there] = who === "dialer" ? [mine, theirs] : [theirs, mine];
    const session = await liveSession(here, there, "both", { timers: hasty });
    const copy = copyOf(mine, "copy");
    copy.beginEpoch("copy");
    await retitle(copy, 1, "by the copy");
    expect((await syncOnce(copy, theirs, "both")).dialer.outcome).toBe("ok");
    await retitle(mine, 2, "by the original");
    await Promise.all([session.dialer, session.acceptor]);
    const { dialer } = await syncOnce(mine, theirs, "both");
    expect(dialer).toMatchObject({ outcome: "refused", error: { code: "SAME_IDENTITY" } });
  });
}
