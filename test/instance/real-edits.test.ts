// Proves that ten years of a real portal's edits, dealt in turn to two instances with a link both
// ways, leave both with the same catalog and the same conflict log. Skipped, saying so, where the
// history is not at hand.
import { expect, onTestFinished, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import type { Clock } from "../../src/base/ports/clock.ts";
import { systemTimers } from "../../src/base/ports/timers.ts";
import type { Instance } from "../../src/instance/instance.ts";
import type { RunRow } from "../../src/store/rows.ts";
import { acceptSync } from "../../src/sync/host/accept-sync.ts";
import { memoryPair } from "../../src/sync/memory/memory-connection.ts";
import { corpusMissing, readCorpus } from "../catalog/corpus.ts";
import { seededRandom } from "../sync/world.ts";
import { lines, memoryInstance } from "./instances.ts";
import { expectEqual } from "./served.ts";

const EDITS_PER_SYNC = 50;

interface Edit {
  readonly timestamp: string;
  readonly author: string;
  readonly message: string;
  readonly op: "create" | "update" | "delete";
  readonly id: string;
  readonly package: JsonObject;
}

/** The time of the edit in hand; no two are at the same one. */
class HistoryClock implements Clock {
  #ms = 0;

  moveTo(time: string): void {
    this.#ms = Math.max(this.#ms + 1, Date.parse(time));
  }

  nowMs(): number {
    return this.#ms;
  }

  monotonicMs(): number {
    return this.#ms;
  }
}

/** Two instances in memory, of which the first has the link. */
async function linkedPair(clock: Clock): Promise<readonly [Instance, Instance]> {
  const b = memoryInstance("b", { clock, random: seededRandom("b") });
  const ports = { store: b.store, clock, random: seededRandom("runs"), timers: systemTimers };
  const accepted: Promise<unknown>[] = [];
  const a = memoryInstance("a", {
    ...{ clock, random: seededRandom("a") },
    async dial() {
      const { dialer, acceptor: connection } = memoryPair();
      accepted.push(acceptSync({ ...ports, connection, allow: { pull: true, push: true } }));
      return dialer;
    },
  });
  onTestFinished(async () => {
    await Promise.all(accepted);
    await Promise.all([a.close(), b.close()]);
  });
  await a.addLink({ name: "peer", url: "http://b.example", direction: "both" });
  return [a, b];
}

/**
 * Makes an edit as its person meant it: the whole package is as it was then. What is to be deleted
 * may be there on the other side only. False if nobody can make it.
 */
async function make(edit: Edit, sides: readonly [Instance, Instance]): Promise<boolean> {
  const by = { author: edit.author, message: edit.message };
  if (edit.op !== "delete") {
    return (await sides[0].import(lines(edit.package), by)).refusedTotal === 0;
  }
  for (const side of sides) {
    const row = await side.store.object(edit.id as ObjectId);
    if (row === undefined || row.deleted) continue;
    await side.delete(edit.id, by);
    return true;
  }
  return false;
}

/** Runs a's link; the portal removes whole collections at once now and then. */
async function sync(a: Instance): Promise<RunRow> {
  const run = await a.sync("peer", { acceptRemovals: true });
  expect(run).toMatchObject({ outcome: "ok", refused: [] });
  return run;
}

test("real edits", { timeout: 120_000 }, async ({ skip }) => {
  skip(corpusMissing !== undefined, corpusMissing);
  const clock = new HistoryClock();
  const [a, b] = await linkedPair(clock);
  const counts = { edits: 0, impossible: 0, merged: 0 };
  for (const edit of readCorpus("philly-history") as Iterable<JsonObject & Edit>) {
    clock.moveTo(edit.timestamp);
    const isMade = await make(edit, counts.edits % 2 === 0 ? [a, b] : [b, a]);
    if (!isMade) counts.impossible += 1;
    counts.edits += 1;
    if (counts.edits % EDITS_PER_SYNC === 0) counts.merged += (await sync(a)).merged;
  }
  counts.merged += (await sync(a)).merged;
  await expectEqual(a, b);
  expect(await sync(a)).toMatchObject({ sent: { revisions: 0 }, received: { revisions: 0 } });

  const { items, next } = await a.conflicts();
  const byKind = Object.groupBy(items, ({ kind, path }) =>
    path.endsWith("/position") ? "position" : kind,
  );
  const conflicts = Object.fromEntries(
    Object.entries(byKind).map(([kind, some]) => [kind, some.length]),
  );
  // docs/testing.md tells these numbers.
  expect({ ...counts, next, conflicts }).toEqual({
    ...{ edits: 3548, impossible: 4, merged: 158, next: null },
    conflicts: { position: 55, value: 17, text: 10, delete: 7, name: 1 },
  });
});
