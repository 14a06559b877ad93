// Proves that an object which waited for a newer version of the program enters a scope, and leaves it,
// when the source is updated and shows what it could not tell before: with the next sync, and once; and
// that all is quiet after that.

import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { InstanceId, ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { type Edition, THIS_EDITION } from "../../src/log/edition.ts";
import { ALGORITHM_2 } from "../../src/scenario/world/editions.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { Author, batchOf, uuid } from "../store/records.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { memoryStore, seededRandom, syncOnce, tickingClock, uuidFor } from "./world.ts";

const LANE = uuid<ObjectId>(1);
const WATER = uuid<ObjectId>(2);

type Source = MemoryStore | SqliteStore;

/** A source that can be opened again by another version of the program. */
const PLACES: Readonly<Record<string, () => (edition: Edition) => Source>> = {
  memory() {
    let store: MemoryStore | undefined;
    return (edition) => {
      store = new MemoryStore({ ...origin(), edition }, store);
      return store;
    };
  },
  file() {
    const file = join(temporaryFolder({}), "catalog.db");
    let store: SqliteStore | undefined;
    onTestFinished(() => store?.close());
    return (edition) => {
      const isFirst = store === undefined;
      store?.close();
      store = isFirst
        ? SqliteStore.create(file, { ...origin(), edition })
        : SqliteStore.open(file, { mode: "write", ...origin(), edition });
      return store;
    };
  },
};

function origin() {
  const [instance, epoch] = [uuidFor("instance a") as InstanceId, uuidFor("epoch a")];
  const identity = { instance, name: "a", epoch };
  return { identity, clock: tickingClock(), random: seededRandom("a") };
}

/** A package that two edited at once, the second by a newer algorithm, which is shown until then. */
function dividedLane(first: JsonObject, second: JsonObject, content: JsonObject): Uint8Array {
  const ann = new Author(1);
  const changeset = ann.changeset();
  const water = ann.create(WATER, { name: "water" }, changeset, { type: "tag" });
  const made = ann.create(LANE, { name: "lane", ...content }, changeset, { type: "package" });
  const left = ann.set(made, first, changeset);
  const right = ann.set(made, second, changeset, { algorithm: 2 });
  return batchOf(changeset, water, made, left, right);
}

async function pull(target: MemoryStore, source: Source, scope: JsonObject | null) {
  const text = scope === null ? null : JSON.stringify(scope);
  const { dialer, frames } = await syncOnce(target, source, "pull", { link: { scope: text } });
  expect(dialer).toMatchObject({ outcome: "ok", refused: [] });
  return frames;
}

describe.each(Object.keys(PLACES))("a source in %s", (place) => {
  test.each([
    ["of a tag", { tags: ["water"], types: ["package"] }, { tags: { [WATER]: true } }, {}],
    ["of what is public", null, { private: false }, { private: true }],
  ] as const)("an object enters the scope %s", async (_what, scope, first, content) => {
    const reopen = (PLACES[place] as () => (edition: Edition) => Source)();
    const target = memoryStore("b");
    const old = reopen(THIS_EDITION);
    old.apply({ source: null, bytes: dividedLane(first, { notes: "n" }, content), cursor: null });
    expect(old.object(LANE)).toMatchObject({ parked: true });
    await pull(target, old, scope);
    expect(target.object(LANE)).toBeUndefined();

    const updated = reopen(ALGORITHM_2);
    await pull(target, updated, scope);
    expect(target.entries({ object: LANE, limit: 9 })).toHaveLength(3);
    expect(await pull(target, updated, scope)).toEqual([">hello", "<welcome"]);
  });

  test.each([
    ["of packages", { types: ["package"] }],
    ["of what is public", null],
  ])("an object leaves the scope %s", async (_what, scope) => {
    const reopen = (PLACES[place] as () => (edition: Edition) => Source)();
    const target = memoryStore("b");
    const old = reopen(THIS_EDITION);
    const bytes = dividedLane({ private: true }, { notes: "n" }, {});
    old.apply({ source: null, bytes, cursor: null });
    await pull(target, old, scope);
    expect(target.object(LANE)).toBeDefined();

    const updated = reopen(ALGORITHM_2);
    await pull(target, updated, scope);
    expect(target.departures()).toMatchObject([{ object: LANE }]);
    expect(await pull(target, updated, scope)).toEqual([">hello", "<welcome"]);
  });
});
