/** The quarantine in a person's hands: records are tried again, or dropped. */
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../../src/base/ids.ts";
import type { Store } from "../../../src/store/store.ts";
import { from, identity } from "../helpers.ts";
import { Author, batchOf, sha256, uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const NOTE = uuid<ObjectId>(1);
const peer = identity(2);

/** A store that refused a revision that nothing helps, and one that waits for another. */
async function refusing(open: Open) {
  const store: Store = await open(identity(1));
  const author = new Author(1);
  const changeset = author.changeset();
  const note = author.create(NOTE, { name: "a" }, changeset);
  const later = author.set(note, { title: "b" }, changeset);
  const bad = author.create(uuid(2), { name: "c" }, changeset, { bodyHash: "0".repeat(64) });
  const outcome = await store.apply(from(peer, batchOf(changeset, later, bad)));
  expect(outcome.refused.map(({ code }) => code)).toEqual(["PARENT_MISSING", "BODY_HASH_MISMATCH"]);
  return { store, note, waits: sha256(later.text), bad: sha256(bad.text) };
}

export function retrying(open: Open): void {
  describe("quarantine", () => {
    test("says what a record waits for, and whom it came from", async () => {
      const { store, note, waits, bad } = await refusing(open);
      const rows = new Map((await store.quarantine()).map((row) => [row.key, row]));
      expect(rows.get(waits)).toMatchObject({ code: "PARENT_MISSING", waitsFor: note.id });
      expect(rows.get(bad)).toMatchObject({ waitsFor: null, source: peer.instance });
    });

    test("keeps what is tried again while its cause is there", async () => {
      const { store, waits, bad } = await refusing(open);
      const before = await store.quarantine();
      const outcome = await store.retryQuarantined([waits, bad, "no such key"]);
      expect(outcome).toMatchObject({ revisions: 0, refused: [], head: await store.head() });
      expect(await store.quarantine()).toEqual(before);
    });

    test("forgets what is dropped, and nothing else", async () => {
      const { store, note, waits, bad } = await refusing(open);
      const counts = await store.counts();
      expect(await store.dropQuarantined([bad, bad, "no such key"])).toBe(1);
      expect((await store.quarantine()).map(({ key }) => key)).toEqual([waits]);
      expect(await store.counts()).toEqual({ ...counts, quarantined: 1 });
      expect(await store.dropQuarantined([])).toBe(0);
      await store.apply(from(peer, batchOf(note)));
      expect((await store.object(NOTE))?.text).toBe('{"name":"a","title":"b"}');
      expect(await store.quarantine()).toEqual([]);
      expect((await store.verify()).findings).toEqual([]);
    });
  });
}
