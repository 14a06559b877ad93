// Proves what becomes of an instance that was set back to an earlier state, and of one that is there
// twice: it gets back what it lost, also against a one-way link, before or after it is edited; nothing
// of two copies is lost, and each link that has to stop says what to do.
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { parseScope } from "../../src/scope/parse-scope.ts";
import { scopeText } from "../../src/scope/scope.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import {
  addPackages,
  copyOf,
  linkRow,
  memoryStore,
  range,
  retitle,
  type SyncOptions,
  syncOnce,
  uuidFor,
} from "./world.ts";

type Way = "it dials" | "it is dialed";

/** Sends from `source` to `target`, over a link of one or the other. */
async function send(source: MemoryStore, target: MemoryStore, way: Way, options?: SyncOptions) {
  return way === "it dials"
    ? syncOnce(source, target, "push", options)
    : syncOnce(target, source, "pull", options);
}

/** Another sync finds nothing to do, in one round trip. */
async function expectSilence(source: MemoryStore, target: MemoryStore, way: Way) {
  const { dialer, frames } = await send(source, target, way);
  expect(dialer).toMatchObject({ outcome: "ok" });
  expect(frames).toEqual([">hello", "<welcome"]);
  for (const store of [source, target]) expect(store.verify().findings).toEqual([]);
}

/** Both hold the same, and another sync says so at once. */
async function expectQuiet(a: MemoryStore, b: MemoryStore, direction: "push" | "both") {
  const { dialer, frames } = await syncOnce(a, b, direction);
  expect(dialer).toMatchObject({ outcome: "ok" });
  expect(frames).toEqual([">hello", "<welcome"]);
  for (const store of [a, b]) expect(store.verify().findings).toEqual([]);
}

describe.each(["it dials", "it is dialed"] as const)("a source that was restored, %s", (way) => {
  async function build() {
    const [source, target] = [memoryStore("source"), memoryStore("target")];
    await addPackages(source, range(0, 20), { perChangeset: 2 });
    await send(source, target, way);
    const backup = copyOf(source, "backup");
    await addPackages(source, range(20, 30), { perChangeset: 2 });
    await retitle(source, 3, "lost");
    await send(source, target, way);
    await retitle(target, 5, "stays here");
    return { source, target, backup };
  }

  test("gets back its own also where a copy that nobody noticed gave the same epoch up", async () => {
    const { source, target, backup } = await build();
    const copy = copyOf(source, "copy");
    copy.becomeNew("copy");
    const { dialer } = await syncOnce(copy, target, "both");
    expect(dialer).toMatchObject({ outcome: "ok", refused: [] });
    const [first] = target.met(source.identity().instance);
    expect(first).toMatchObject({ successor: copy.identity().instance });
    backup.beginEpoch("restore");
    expect((await send(backup, target, way)).dialer).toMatchObject({ outcome: "ok", refused: [] });
    expect(backup.digest()).toBe(source.digest());
  });

  test("gets nothing of what a copy wrote that has its own identity now, and all else", async () => {
    const { source, target, backup } = await build();
    // An epoch that a second backup knows nothing of, and that nobody gave up.
    const second = copyOf(backup, "second");
    backup.beginEpoch("restore");
    await addPackages(backup, range(60, 62));
    expect((await send(backup, target, way)).dialer.outcome).toBe("ok");
    // What was written under the copy's epoch builds on what never flows to the source.
    const copy = copyOf(source, "copy");
    copy.beginEpoch("copy");
    await addPackages(target, range(50, 51));
    await syncOnce(copy, target, "both");
    await retitle(copy, 50, "by the copy");
    await addPackages(copy, range(51, 52));
    await syncOnce(copy, target, "both");
    copy.becomeNew("copy");
    expect((await syncOnce(copy, target, "both")).dialer.outcome).toBe("ok");
    second.beginEpoch("kept");
    const { dialer, acceptor } = await send(second, target, way);
    for (const run of [dialer, acceptor]) expect(run).toMatchObject({ outcome: "ok", refused: [] });
    expect(second.counts()).toMatchObject({ revisions: 33, quarantined: 0 });
    for (const one of [source, backup]) {
      for (const { id } of one.entries({ limit: 100 })) expect(second.entry(id)).toBeDefined();
    }
    await expectSilence(second, target, way);
  });

  test("gets back its own and nothing else, against the direction, once", async () => {
    const { source, target, backup } = await build();
    backup.beginEpoch("restore");
    const { dialer, acceptor } = await send(backup, target, way);
    expect([dialer.outcome, acceptor.outcome]).toEqual(["ok", "ok"]);
    expect(backup.counts()).toMatchObject({ revisions: 31, quarantined: 0 });
    expect(backup.digest()).toBe(source.digest());
    expect(backup.continuity().doubt?.heard).toEqual([target.identity().instance]);
    await retitle(backup, 4, "goes on");
    expect((await send(backup, target, way)).dialer).toMatchObject({ outcome: "ok", refused: [] });
    const again =
      way === "it dials" ? syncOnce(backup, target, "push") : syncOnce(target, backup, "pull");
    expect((await again).frames).toEqual([">hello", "<welcome"]);
    expect(target.counts()).toMatchObject({ revisions: 33, quarantined: 0 });
    for (const store of [backup, target]) expect(store.verify().findings).toEqual([]);
  });

  test("sends what it had left out since it was gone there, over a link that takes all", async () => {
    const [source, target] = [memoryStore("source"), memoryStore("target")];
    const scope = scopeText(parseScope({ private: true, roles: true }));
    const sendAll = (from: MemoryStore) => send(from, target, way, { link: { scope } });
    // In several batches, so that the cursor has a rung in what the backup holds, too.
    await addPackages(source, range(0, 20), { perChangeset: 2, bytes: 60_000 });
    const backup = copyOf(source, "backup");
    const object = uuidFor("package 7") as ObjectId;
    const changes = [{ kind: "shun", object }] as const;
    await source.author({ author: "tester", message: "shun", changes });
    await sendAll(source);
    await addPackages(source, range(20, 22));
    await sendAll(source);
    expect(target.object(object)).toBeUndefined();
    backup.beginEpoch("restore");
    for (const _ of [1, 2]) expect((await sendAll(backup)).dialer.outcome).toBe("ok");
    expect(target.object(object)).toBeDefined();
    expect(target.digest()).toBe(backup.digest());
    expect((await sendAll(backup)).frames).toEqual([">hello", "<welcome"]);
  });

  test("unnoticed, learns it from the peer in the same run", async () => {
    const { source, target, backup } = await build();
    const { epoch } = backup.identity();
    const { dialer } = await send(backup, target, way);
    expect(dialer).toMatchObject({ outcome: "ok" });
    expect(backup.identity().epoch).not.toBe(epoch);
    expect(backup.digest()).toBe(source.digest());
  });

  test("goes on though the policies of the two were changed apart", async () => {
    const { source, target, backup } = await build();
    for (const [store, rule] of [
      [backup, "suffix"],
      [target, "alias"],
    ] as const) {
      const policy = { default: "newest", deletes: "delete-wins", types: {}, names: { tag: rule } };
      store.changePolicy({ author: "ann", message: "", policy });
    }
    backup.beginEpoch("restore");
    const { dialer, acceptor } = await send(backup, target, way);
    expect([dialer.outcome, acceptor.outcome]).toEqual(["ok", "ok"]);
    expect(backup.counts().revisions).toBe(source.counts().revisions);
  });

  test("and edited before it heard of what it lost keeps both", async () => {
    const { source, target, backup } = await build();
    await retitle(backup, 3, "edited meanwhile");
    await addPackages(backup, range(40, 42));
    expect((await send(backup, target, way)).dialer).toMatchObject({ outcome: "ok", refused: [] });
    expect(backup.counts()).toMatchObject({ revisions: 34, openConflicts: 1, quarantined: 0 });
    expect(target.counts()).toMatchObject({ revisions: 35, openConflicts: 1, quarantined: 0 });
    const lost = source.entries({ limit: 100 }).map(({ id }) => id);
    for (const id of lost) expect(backup.entry(id)).toBeDefined();
    for (const store of [backup, target]) expect(store.verify().findings).toEqual([]);
  });
});

describe.each(["it dials", "it is dialed"] as const)(
  "a source that was restored together with its target, %s",
  (way) => {
    async function build() {
      const [source, target, far] = [
        memoryStore("source"),
        memoryStore("target"),
        memoryStore("far"),
      ];
      await addPackages(source, range(0, 6), { perChangeset: 2 });
      const backups = [copyOf(source, "backup"), copyOf(target, "target before")] as const;
      for (const title of ["x", "y", "z"]) await retitle(source, 3, title);
      await send(source, target, way);
      await syncOnce(target, far, "both");
      for (const one of backups) one.beginEpoch("restore");
      return { source, far, backup: backups[0], target: backups[1] };
    }

    test("gets back what the target has only later from somebody else, and asks once for it", async () => {
      const { source, far, backup, target } = await build();
      await send(backup, target, way);
      expect(backup.counts().revisions).toBe(6);
      await syncOnce(target, far, "both");
      const { dialer } = await send(backup, target, way);
      expect(dialer).toMatchObject({ outcome: "ok", refused: [] });
      expect(backup.digest()).toBe(source.digest());
      await expectSilence(backup, target, way);
      await retitle(backup, 4, "goes on");
      await send(backup, target, way);
      await expectSilence(backup, target, way);
    });

    test("asks once for what the target had, and cannot give", async () => {
      const { far, backup, target } = await build();
      await send(backup, target, way);
      await syncOnce(target, far, "both");
      const object = uuidFor("package 3") as ObjectId;
      const changes = [{ kind: "purge", object, reason: "" }] as const;
      target.author({ author: "ann", message: "", changes });
      for (let run = 0; run < 2; run++) {
        expect((await send(backup, target, way)).dialer).toMatchObject({ outcome: "ok" });
      }
      expect(backup.counts().revisions).toBe(6);
      await expectSilence(backup, target, way);
    });
  },
);

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])(
  "what was lost comes back over a two-way link that breaks after %i frames",
  async (frames) => {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await addPackages(a, range(0, 6), { perChangeset: 1 });
    await syncOnce(a, b, "both");
    const backup = copyOf(a, "backup");
    await addPackages(a, range(6, 30), { perChangeset: 1, bytes: 30_000 });
    await syncOnce(a, b, "both");
    backup.beginEpoch("restore");
    await syncOnce(backup, b, "both", { cutAfterFrames: frames });
    for (let run = 0; run < 3; run++) await syncOnce(backup, b, "both");
    expect(backup.digest()).toBe(a.digest());
    await expectQuiet(backup, b, "both");
  },
);

describe("two copies of an instance", () => {
  async function build(notices: boolean) {
    const [original, hub] = [memoryStore("original"), memoryStore("hub")];
    await addPackages(original, range(0, 10));
    await syncOnce(original, hub, "both");
    const copy = copyOf(original, "copy");
    if (notices) copy.beginEpoch("copy");
    await retitle(original, 1, "by the original");
    await retitle(copy, 1, "by the copy");
    await addPackages(copy, range(20, 23), { perChangeset: 1 });
    return { original, copy, hub };
  }

  test.each([true, false])(
    "both survive, and the third says it; noticed at once: %s",
    async (notices) => {
      const { original, copy, hub } = await build(notices);
      expect((await syncOnce(original, hub, "both")).dialer.outcome).toBe("ok");
      expect((await syncOnce(copy, hub, "both")).dialer).toMatchObject({
        outcome: "ok",
        refused: [],
      });
      const { instance } = original.identity();
      for (let time = 0; time < 2; time++) {
        const { dialer, acceptor } = await syncOnce(original, hub, "both");
        expect(acceptor).toMatchObject({
          outcome: "refused",
          error: {
            code: "SAME_IDENTITY",
            hint: expect.stringContaining("new-identity --name NEW"),
          },
        });
        expect(dialer.error).toMatchObject({
          code: "SAME_IDENTITY",
          message: expect.stringContaining(instance),
        });
      }

      copy.becomeNew("copy");
      for (let round = 0; round < 2; round++) {
        for (const store of [copy, original]) {
          expect((await syncOnce(store, hub, "both")).dialer).toMatchObject({
            outcome: "ok",
            refused: [],
          });
        }
      }
      await syncOnce(copy, hub, "both");
      expect(new Set([original, copy, hub].map((store) => store.digest())).size).toBe(1);
      expect(hub.counts()).toMatchObject({ revisions: 15, openConflicts: 1, quarantined: 0 });
      await expectQuiet(original, hub, "both");
      await expectQuiet(copy, hub, "both");
    },
  );

  test("that meet each other are told so", async () => {
    const { original, copy } = await build(true);
    const { dialer, acceptor } = await syncOnce(original, copy, "both");
    for (const { outcome, error } of [dialer, acceptor]) {
      expect(outcome).toBe("refused");
      expect(error).toMatchObject({
        code: "SAME_IDENTITY",
        hint: expect.stringContaining("new-identity --name NEW"),
      });
    }
    copy.becomeNew("copy");
    expect((await syncOnce(original, copy, "both")).dialer).toMatchObject({
      outcome: "ok",
      refused: [],
    });
    expect(original.digest()).toBe(copy.digest());
    await expectQuiet(original, copy, "both");
  });

  test("where somebody says which one goes on, that one does", async () => {
    const { original, copy, hub } = await build(true);
    await syncOnce(original, hub, "both");
    await syncOnce(copy, hub, "both");
    original.beginEpoch("kept");
    expect((await syncOnce(original, hub, "both")).dialer).toMatchObject({
      outcome: "ok",
      refused: [],
    });
    expect((await syncOnce(copy, hub, "both")).dialer.error?.code).toBe("SAME_IDENTITY");
  });

  test("that number two revisions alike are a fork: the link stops until the copy has its own identity", async () => {
    const [original, hub, relay] = [
      memoryStore("original"),
      memoryStore("hub"),
      memoryStore("relay"),
    ];
    await addPackages(original, range(0, 10));
    await syncOnce(original, hub, "both");
    const copy = copyOf(original, "copy");
    await retitle(original, 1, "by the original");
    await retitle(copy, 1, "by the copy");
    // The hub hears of the original's edit from another one.
    await syncOnce(original, relay, "both");
    await syncOnce(relay, hub, "both");
    const before = hub.head();
    for (let time = 0; time < 2; time++) {
      const { acceptor, dialer } = await syncOnce(copy, hub, "push");
      expect(acceptor).toMatchObject({
        outcome: "failed",
        error: {
          code: "ACTOR_FORK",
          hint: expect.stringContaining("syncline instance new-identity --name NEW"),
        },
      });
      expect(dialer.error?.code).toBe("ACTOR_FORK");
      expect(hub.head()).toEqual(before);
    }
    await retitle(copy, 2, "goes on");
    copy.becomeNew("copy");
    for (let round = 0; round < 3; round++) {
      for (const store of [copy, original, relay]) {
        expect((await syncOnce(store, hub, "both")).dialer).toMatchObject({
          outcome: "ok",
          refused: [],
        });
      }
    }
    expect(new Set([original, copy, hub, relay].map((store) => store.digest())).size).toBe(1);
    expect(hub.counts()).toMatchObject({ revisions: 13, openConflicts: 1, quarantined: 0 });
  });
});

test("an instance that was made anew under the same name gets everything back", async () => {
  const [old, hub] = [memoryStore("old"), memoryStore("hub")];
  await addPackages(old, range(0, 10));
  await syncOnce(old, hub, "push");
  const anew = memoryStore("old", "anew");
  anew.becomeNew(null);
  const known = linkRow("pull", { name: "known", peer: old.identity().instance });
  const refused = await syncOnce(hub, anew, "pull", { link: known });
  expect(refused.dialer).toMatchObject({
    outcome: "refused",
    error: { code: "PEER_CHANGED", hint: expect.stringContaining("link remove known") },
  });
  expect((await syncOnce(anew, hub, "pull")).dialer).toMatchObject({ received: { revisions: 10 } });
  expect(anew.digest()).toBe(old.digest());
});
