/**
 * Whether an instance is what it was: epochs begin and are remembered, a copy gets an identity of its
 * own, and who was heard since is kept.
 */
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../../src/base/ids.ts";
import { FORMER_IDENTITIES_MAX } from "../../../src/store/continuity.ts";
import { command, identity, memoryStore, put, setField, transfer } from "../helpers.ts";
import { EPOCH, uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const NOTE = uuid<ObjectId>(1);

export function continuing(open: Open): void {
  describe("continuity", () => {
    test("is not in doubt at first", async () => {
      const store = await open(identity(1));
      expect(await store.continuity()).toEqual({ former: [], doubt: null });
      await store.noteRecovery({ heard: identity(2).instance });
      expect(await store.continuity()).toEqual({ former: [], doubt: null });
    });

    test("ends with an epoch: numbers begin anew, stamps go on", async () => {
      const store = await open(identity(1));
      await store.author(command(put(NOTE, { name: "a" })));
      const next = await store.beginEpoch("copy");
      expect(next).toEqual({ ...identity(1), epoch: expect.not.stringMatching(identity(1).epoch) });
      expect(await store.identity()).toEqual(next);
      await store.author(command(setField(NOTE, "title", "x")));
      const [first, second] = (await store.entries({ limit: 9 })).map(({ text }) =>
        JSON.parse(text),
      );
      expect([first.seq, second.seq]).toEqual([1, 1]);
      expect(second.actor).toBe(`${next.instance}/${next.epoch}`);
      expect(second.hlc).toBeGreaterThan(first.hlc);
      expect((await store.continuity()).former).toEqual([
        {
          instance: next.instance,
          epoch: identity(1).epoch,
          ended: expect.any(String),
          reason: "copy",
        },
      ]);
      expect((await store.verify()).findings).toEqual([]);
    });

    test("numbers are known of each epoch, of the own ones and others'", async () => {
      const [store, other] = [await open(identity(1)), memoryStore(2)];
      await store.author(command(put(NOTE, { name: "a" })));
      await store.author(command(setField(NOTE, "title", "x")));
      await store.author(command({ kind: "purge", object: NOTE, reason: "" }));
      const { epoch } = await store.beginEpoch("restore");
      expect(await store.numbersOf(identity(1).instance)).toEqual(new Map([[EPOCH, 3]]));
      await store.author(command(put(uuid<ObjectId>(2), { name: "b" })));
      await other.author(command(put(uuid<ObjectId>(3), { name: "c" })));
      await transfer(other, store);
      const own = new Map([
        [EPOCH, 3],
        [epoch, 1],
      ]);
      expect(await store.numbersOf(identity(1).instance)).toEqual(own);
      expect(await store.numbersOf(identity(2).instance)).toEqual(new Map([[EPOCH, 1]]));
      expect(await store.numbersOf(identity(3).instance)).toEqual(new Map());
    });

    test("remembers the newest former identities", async () => {
      const store = await open(identity(1));
      for (let n = 0; n < FORMER_IDENTITIES_MAX; n++) await store.beginEpoch("copy");
      const { epoch } = await store.beginEpoch("restore");
      await store.beginEpoch("restore");
      const { former } = await store.continuity();
      expect(former).toHaveLength(FORMER_IDENTITIES_MAX);
      expect(former.at(-1)).toMatchObject({ epoch, reason: "restore" });
    });

    test("knows who was heard or asked since, and that all were tried, until the next epoch", async () => {
      const store = await open(identity(1));
      const [b, c] = [identity(2).instance, identity(3).instance];
      await store.beginEpoch("restore");
      await store.noteRecovery({ heard: b });
      await store.noteRecovery({ heard: b });
      await store.noteRecovery({ heard: c });
      expect((await store.continuity()).doubt).toEqual({ heard: [b, c], tried: false });
      await store.noteRecovery({ tried: true });
      await store.noteRecovery({ asked: c });
      await store.noteRecovery({ asked: b });
      await store.noteRecovery({ asked: c });
      const all = { heard: [b, c], asked: [c, b], tried: true };
      expect((await store.continuity()).doubt).toEqual(all);
      await store.beginEpoch("copy");
      expect((await store.continuity()).doubt).toEqual({ heard: [], tried: false });
    });

    test("hears a peer again that has got more, and knows what that lacks", async () => {
      const store = await open(identity(1));
      const [b, c] = [identity(2).instance, identity(3).instance];
      await store.beginEpoch("restore");
      for (const peer of [b, c]) await store.noteRecovery({ asked: peer });
      for (const peer of [b, c]) await store.noteRecovery({ heard: peer, lacking: [[EPOCH, 7]] });
      await store.noteRecovery({ owing: b });
      const lacking = [
        [b, EPOCH, 7],
        [c, EPOCH, 7],
      ];
      const again = { heard: [c], asked: [c], tried: false, owing: [b] };
      expect((await store.continuity()).doubt).toEqual({ ...again, lacking });
      await store.noteRecovery({ heard: b, lacking: [] });
      const { doubt } = await store.continuity();
      expect(doubt).toEqual({ ...again, heard: [c, b], lacking: lacking.slice(1) });
    });

    test("ends where a peer knows more of the own numbers, and only of the present ones", async () => {
      const store = await open(identity(1));
      const { epoch } = identity(1);
      await store.author(command(put(NOTE, { name: "a" })));
      expect(await store.learnOwn({ epoch, seq: 1 })).toBe(false);
      expect(await store.learnOwn({ epoch: uuid(7), seq: 9 })).toBe(false);
      expect(await store.learnOwn({ epoch, seq: 2 })).toBe(true);
      expect(await store.learnOwn({ epoch, seq: 2 })).toBe(false);
      expect((await store.continuity()).former.map(({ reason }) => reason)).toEqual(["peer"]);
    });

    test("of a copy ends with an identity of its own, which keeps all that is there", async () => {
      const store = await open(identity(1));
      await store.author(command(put(NOTE, { name: "a" })));
      const before = [await store.head(), await store.digest(), await store.entries({ limit: 9 })];
      const kept = await store.becomeNew(null);
      expect(kept.name).toBe(identity(1).name);
      const renamed = await store.becomeNew("branch");
      expect(renamed.name).toBe("branch");
      expect(new Set([identity(1).instance, kept.instance, renamed.instance]).size).toBe(3);
      expect(await store.identity()).toEqual(renamed);
      expect([await store.head(), await store.digest(), await store.entries({ limit: 9 })]).toEqual(
        before,
      );
      expect((await store.continuity()).former.map(({ instance }) => instance)).toEqual([
        identity(1).instance,
        kept.instance,
      ]);
      expect((await store.verify()).findings).toEqual([]);
    });
  });
}
