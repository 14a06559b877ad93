/**
 * A process that writes into a catalog without end, by authoring and applying in turn, and tells
 * what is acknowledged: `<lsn> <digest>` after each commit. Ends at the first error, with its code.
 *
 * Arguments: file, number of this run (its foreign author), `digest` to print digests.
 */
import { writeSync } from "node:fs";
import { SynclineError } from "../../../src/base/errors.ts";
import type { ObjectId } from "../../../src/base/ids.ts";
import { systemClock } from "../../../src/base/ports/clock.ts";
import { systemRandom } from "../../../src/base/ports/random.ts";
import { SqliteStore } from "../../../src/store/sqlite/sqlite-store.ts";
import { Author, batchOf, cursorOver, type Made, unreadable, uuid } from "../records.ts";

const [file = "", run = "0", mode] = process.argv.slice(2);
const ports = { clock: systemClock, random: systemRandom };
const store = SqliteStore.open(file, { mode: "write", ...ports });
const peer = new Author(100 + Number(run));
const notes = "x".repeat(2000);

function acknowledge(): void {
  const digest = mode === "digest" ? store.digest() : "-";
  writeSync(1, `${store.head().lsn} ${digest}\n`);
}

function authorSome(n: number): void {
  const object = uuid<ObjectId>(Number(run) * 100_000 + n);
  store.author({
    author: "ana",
    message: `step ${n}`,
    changes: [
      { kind: "put", object, type: "note", content: { name: `n${n}`, notes }, mode: "create" },
      { kind: "patch", object, patch: [{ op: "add", path: "/title", value: `t${n}` }] },
    ],
  });
}

function applySome(n: number): void {
  const changeset = peer.changeset();
  const made: Made[] = [];
  for (let i = 0; i < 20; i++) {
    const object = uuid<ObjectId>(Number(run) * 100_000 + 50_000 + n * 20 + i);
    const note = peer.create(object, { name: `p${n}-${i}`, notes }, changeset);
    made.push(note, peer.set(note, { title: "x" }, changeset));
  }
  const odd = unreadable(uuid(Number(run) * 1000 + n));
  store.apply({
    source: peer.instance as never,
    bytes: batchOf(changeset, ...made, odd),
    cursor: cursorOver(...made, odd),
  });
}

function step(n: number): void {
  try {
    if (n % 2 === 0) authorSome(n);
    else applySome(n);
  } catch (error) {
    const code = error instanceof SynclineError ? error.code : String(error);
    // What the same store says after the failure: it has to be the last state acknowledged.
    acknowledge();
    writeSync(1, `error ${code}\n`);
    process.exit(0);
  }
}

acknowledge();
for (let n = 1; ; n++) {
  step(n);
  acknowledge();
}
