/** Who subscribes to a store hears of each commit that peers may have to hear of, and of no other. */
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../../src/base/ids.ts";
import type { Json } from "../../../src/base/json.ts";
import { DEFAULT_POLICY } from "../../../src/merge/policy.ts";
import type { Commit } from "../../../src/store/commits.ts";
import type { Store } from "../../../src/store/store.ts";
import { command, expectError, from, identity, put, setField } from "../helpers.ts";
import { Author, batchOf, uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const NOTE = uuid<ObjectId>(1);
const PEER = identity(7).instance;
const by = { author: "ana", message: "m" };
const plain = { policy: false, purges: false };

/** What a subscriber hears, and how to stop. */
function listening(store: Store): { heard: Commit[]; stop: () => void } {
  const heard: Commit[] = [];
  return { heard, stop: store.subscribe((commit) => heard.push(commit)) };
}

export function telling(open: Open): void {
  describe("telling of commits", () => {
    test("tells what was authored, received and purged, by the log's end, before the call returns", async () => {
      const store = await open(identity(1));
      const { heard } = listening(store);
      await store.author(command(put(NOTE, { name: "a" })));
      expect(heard).toEqual([{ lsn: 1, ...plain }]);
      const peer = new Author(1);
      const changeset = peer.changeset();
      const note = peer.create(uuid<ObjectId>(2), { name: "b" }, changeset);
      await store.apply(from(identity(7), batchOf(changeset, note)));
      await store.author({ ...by, changes: [{ kind: "purge", object: NOTE, reason: "r" }] });
      expect(heard.slice(1)).toEqual([
        { lsn: 2, ...plain },
        { lsn: 3, policy: false, purges: true },
      ]);
      expect((await store.head()).lsn).toBe(3);
    });

    test("tells of another policy, though the log is as it was", async () => {
      const [store, other] = [await open(identity(1)), await open(identity(2))];
      const { heard } = listening(store);
      const policy = { ...DEFAULT_POLICY, deletes: "delete-wins" } as unknown as Json;
      await store.changePolicy({ ...by, policy });
      const { records } = await store.policies();
      const there = listening(other);
      await other.takePolicies({ peer: PEER, records });
      await other.takePolicies({ peer: PEER, records });
      for (const said of [heard, there.heard]) {
        expect(said).toEqual([{ lsn: 0, policy: true, purges: false }]);
      }
    });

    test("tells nothing of what changes neither, or fails", async () => {
      const store = await open(identity(1));
      const peer = new Author(1);
      const changeset = peer.changeset();
      const note = peer.create(NOTE, { name: "b" }, changeset);
      const batch = (): Uint8Array => batchOf(changeset, note);
      await store.apply(from(identity(7), batch()));
      const { heard } = listening(store);
      await store.apply(from(identity(7), batch()));
      await store.author(command(setField(NOTE, "name", "b")));
      await expectError(
        () => store.author(command(setField(uuid<ObjectId>(9), "a", "b"))),
        "OBJECT_NOT_FOUND",
      );
      expect(heard).toEqual([]);
    });

    test("tells everybody who wants to hear, as long as they do", async () => {
      const store = await open(identity(1));
      const [first, second] = [listening(store), listening(store)];
      await store.author(command(put(NOTE, { name: "a" })));
      first.stop();
      await store.author(command(setField(NOTE, "n", "1")));
      expect([first.heard.length, second.heard.length]).toEqual([1, 2]);
    });
  });
}
