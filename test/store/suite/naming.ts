/** Effective names: derived from what is held, unique among live objects. */
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../../src/base/ids.ts";
import type { Json } from "../../../src/base/json.ts";
import { DEFAULT_POLICY } from "../../../src/merge/policy.ts";
import type { Store } from "../../../src/store/store.ts";
import { command, identity, memoryStore, put, setField, transfer } from "../helpers.ts";
import { uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const A = uuid<ObjectId>(1);
const B = uuid<ObjectId>(2);

async function names(store: Store): Promise<Record<string, string | null>> {
  const rows = await store.objects({ includeDeleted: true, limit: 10 });
  return Object.fromEntries(rows.map(({ id, effectiveName }) => [id, effectiveName]));
}

/** The same name for two objects, made in two places and brought together. */
async function clash(open: Open, type: string): Promise<{ store: Store; peer: Store }> {
  const store = await open(identity(1));
  const peer = memoryStore(2);
  await store.author(command(put(A, { name: "ponds" }, "create", type)));
  peer.author(command(put(B, { name: "ponds" }, "create", type)));
  await transfer(peer, store);
  await transfer(store, peer);
  return { store, peer };
}

export function naming(open: Open): void {
  describe("names", () => {
    test("of two objects of one name, the later one goes by another", async () => {
      const { store, peer } = await clash(open, "note");
      const suffixed = `ponds--${B.replaceAll("-", "").slice(0, 6)}`;
      expect(await names(store)).toEqual({ [A]: "ponds", [B]: suffixed });
      expect(await names(peer)).toEqual(await names(store));
      expect(await store.digest()).toBe(await peer.digest());
      const found = await store.objects({ type: "note", name: suffixed, limit: 2 });
      expect(found.map(({ id }) => id)).toEqual([B]);
      expect(await store.objects({ type: "note", name: "ponds", limit: 2 })).toHaveLength(1);
      expect((await store.counts()).openConflicts).toBe(1);
      expect((await store.verify()).findings).toEqual([]);
    });

    test.each(["", "z", "\u{10ffff}"])(
      "of two objects of one long name that goes on with the last character and %j, too",
      async (rest) => {
        const name = `${"x".repeat(48)}\u{10ffff}${rest}`;
        const store = await open(identity(1));
        await store.author(command(put(A, { name })));
        await store.author(command(put(B, { name })));
        const plan = await names(store);
        expect(plan[A]).toBe(name);
        expect(plan[B]).not.toBe(name);
        expect((await store.verify()).findings).toEqual([]);
      },
    );

    test.each([
      ["renaming", { kind: "rename", object: A, name: "lakes" }],
      ["deleting", { kind: "delete", object: A }],
      ["purging", { kind: "purge", object: A, reason: "" }],
    ] as const)("%s the first frees its name", async (_, change) => {
      const { store, peer } = await clash(open, "note");
      await store.author(command(change));
      await transfer(store, peer);
      expect(await names(store)).toMatchObject({ [B]: "ponds" });
      expect(await names(peer)).toEqual(await names(store));
      expect((await store.counts()).openConflicts).toBe(0);
      expect(await store.digest()).toBe(await peer.digest());
      expect((await store.verify()).findings).toEqual([]);
    });

    test("follow a policy that deletes an object, and one that brings it back", async () => {
      const store = await open(identity(1));
      const peer = memoryStore(2);
      await store.author(command(put(A, { name: "ponds" })));
      await transfer(store, peer);
      await store.author(command(put(B, { name: "ponds" })));
      await store.author(command({ kind: "delete", object: B }));
      await transfer(store, peer);
      await store.author(command({ kind: "delete", object: A }));
      peer.author(command(setField(A, "title", "kept")));
      await transfer(peer, store);
      await store.author(command({ kind: "undelete", object: B }));
      const suffixed = `ponds--${B.replaceAll("-", "").slice(0, 6)}`;
      for (const [deletes, expected] of [
        ["delete-wins", { [A]: null, [B]: "ponds" }],
        ["edit-wins", { [A]: "ponds", [B]: suffixed }],
      ] as const) {
        const policy = { ...DEFAULT_POLICY, deletes } as unknown as Json;
        await store.changePolicy({ author: "ana", message: "", policy });
        expect(await names(store)).toEqual(expected);
        expect((await store.verify()).findings).toEqual([]);
      }
    });

    test("tags of one name are one tag", async () => {
      const { store, peer } = await clash(open, "tag");
      expect(await names(store)).toEqual({ [A]: "ponds", [B]: "ponds" });
      expect(await store.object(B)).toMatchObject({ canonical: A });
      expect(await store.object(A)).toMatchObject({ canonical: A });
      expect(await store.digest()).toBe(await peer.digest());
      expect((await store.verify()).findings).toEqual([]);
    });
  });
}
