/** A person's decisions: they stand over what others wrote, and are told apart from edits. */
import { describe, expect, test } from "vitest";
import type { ObjectId, RevisionId } from "../../../src/base/ids.ts";
import type { Json } from "../../../src/base/json.ts";
import type { Resolution } from "../../../src/log/author.ts";
import type { MemoryStore } from "../../../src/store/memory/memory-store.ts";
import type { ConflictRow, ObjectRow } from "../../../src/store/rows.ts";
import type { Store } from "../../../src/store/store.ts";
import {
  command,
  expectError,
  expectNoEffect,
  identity,
  memoryStore,
  put,
  transfer,
} from "../helpers.ts";
import { uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const NOTE = uuid<ObjectId>(1);
const OTHER = uuid<ObjectId>(2);

function write(path: string, value: Json) {
  return command({ kind: "patch", object: NOTE, patch: [{ op: "add", path, value }] });
}

function decide(...resolutions: readonly Resolution[]) {
  return command({ kind: "resolve", object: NOTE, resolutions });
}

async function exchange(store: Store, peer: Store): Promise<void> {
  await transfer(peer, store);
  await transfer(store, peer);
}

/** A note that each of two sides has written at a path, and that both have. */
async function bothWrote(
  open: Open,
  [mine, here]: readonly [path: string, value: Json],
  [yours, there]: readonly [path: string, value: Json],
): Promise<{ store: Store; peer: MemoryStore; conflict: ConflictRow }> {
  const store = await open(identity(1));
  const peer = memoryStore(2);
  await store.author(command(put(NOTE, { name: "a" })));
  await transfer(store, peer);
  await store.author(write(mine, here));
  peer.author(write(yours, there));
  await exchange(store, peer);
  const [conflict, second] = await store.conflicts({ limit: 10 });
  expect(second).toBeUndefined();
  return { store, peer, conflict: conflict as ConflictRow };
}

async function newestOf(store: Store): Promise<Record<string, unknown>> {
  const [entry] = await store.entries({ limit: 1, reverse: true });
  return JSON.parse(entry?.text as string);
}

export function resolving(open: Open): void {
  describe("a decision", () => {
    test("for the value that lost, or the one that stands, is written and closes the conflict", async () => {
      for (const isForLoser of [true, false]) {
        const { store, peer, conflict } = await bothWrote(open, ["/title", "x"], ["/title", "y"]);
        const { id, path, candidates, chosen } = conflict;
        const other = candidates.find(({ revision }) => revision !== chosen.revision);
        const value = (isForLoser ? other?.value : chosen.value) as Json;
        const { revisions } = await store.author(decide({ conflict: id, path, value }));
        const [resolvedBy] = revisions.map((revision) => revision.id);
        expect(await newestOf(store)).toMatchObject({
          resolves: [id],
          patch: [{ op: "replace", path, value }],
        });
        await exchange(store, peer);
        for (const side of [store, peer]) {
          const row = await side.object(NOTE);
          expect(JSON.parse(row?.text as string)).toEqual({ name: "a", title: value });
          expect(await side.conflict(id)).toMatchObject({ status: "resolved", resolvedBy });
          expect((await side.verify()).findings).toEqual([]);
        }
        expect(await store.digest()).toBe(peer.digest());
      }
    });

    test("at several paths is one decision", async () => {
      const { store, conflict } = await bothWrote(open, ["/x", { q: 1 }], ["/x", "y"]);
      expect(conflict).toMatchObject({ kind: "structure", path: "/x" });
      const { id } = conflict;
      await store.author(
        decide({ conflict: id, path: "/x" }, { conflict: id, path: "/x/q", value: 2 }),
      );
      expect(await newestOf(store)).toMatchObject({ resolves: [id] });
      expect((await store.object(NOTE))?.text).toBe('{"name":"a","x":{"q":2}}');
      expect((await store.counts()).openConflicts).toBe(0);
      expect((await store.verify()).findings).toEqual([]);
    });

    test("without a path accepts what stands, and writes nothing", async () => {
      const store = await open(identity(1));
      await store.author(command(put(OTHER, { name: "a" })));
      await store.author(command(put(NOTE, { name: "a" })));
      const [clash] = await store.conflicts({ status: "open", limit: 10 });
      expect(clash).toMatchObject({ kind: "name", object: NOTE });
      const before = await store.object(NOTE);
      await store.author(decide({ conflict: clash?.id as string }));
      expect(await newestOf(store)).toMatchObject({ patch: [], resolves: [clash?.id] });
      const { effectiveName, text } = (await store.object(NOTE)) ?? {};
      expect({ effectiveName, text }).toEqual({
        effectiveName: before?.effectiveName,
        text: before?.text,
      });
      expect(await store.conflict(clash?.id as string)).toMatchObject({ status: "resolved" });
      expect((await store.verify()).findings).toEqual([]);
    });

    test("on a conflict that the object does not have is refused", async () => {
      const { store } = await bothWrote(open, ["/title", "x"], ["/title", "y"]);
      const none = uuid<ObjectId>(99);
      await expectNoEffect(store, "CONFLICT_NOT_FOUND", () =>
        store.author(decide({ conflict: none, path: "/title", value: "z" })),
      );
    });
  });

  test("the merge of revisions can be read while they are the heads, and later", async () => {
    const { store } = await bothWrote(open, ["/title", "x"], ["/title", "y"]);
    const { heads, text } = (await store.object(NOTE)) as ObjectRow;
    expect(await store.mergedTextAt(heads)).toBe(text);
    await store.author(write("/title", "z"));
    expect(await store.mergedTextAt(heads)).toBe(text);
    expect(await store.mergedTextAt(heads.slice(0, 1))).toBe(
      await store.contentTextAt(heads[0] as RevisionId),
    );
    await expectError(() => store.mergedTextAt([uuid<RevisionId>(99)]), "REVISION_NOT_FOUND");
  });
}
