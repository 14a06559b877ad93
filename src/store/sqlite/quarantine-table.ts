import type { InstanceId } from "../../base/ids.ts";
import type { Clock } from "../../base/ports/clock.ts";
import type { QuarantineSize } from "../../log/reader.ts";
import type { LogWrites } from "../../log/writes.ts";
import type { UnkeptRecord } from "../unkept.ts";
import type { Db } from "./database.ts";
import { rowSum } from "./row-sum.ts";
import { missingRow } from "./stored-values.ts";

/** The table of refused records: what plans ask of it, and what they write into it. */
export class QuarantineTable {
  readonly #clock: Clock;
  readonly #sql: ReturnType<typeof statements>;
  /** Remembered, so that a batch without refusals needs no look-up. */
  #size: (QuarantineSize & { readonly waiting: number }) | undefined;

  constructor(db: Db, clock: Clock) {
    this.#clock = clock;
    this.#sql = statements(db);
  }

  /** After anybody else may have written into the table. */
  forget(): void {
    this.#size = undefined;
  }

  /** With the number of records that wait for another one. */
  get size(): QuarantineSize & { readonly waiting: number } {
    if (this.#size === undefined) {
      const row = this.#sql.size.get() as [number, number, number, number];
      this.#size = { records: row[0], bytes: row[1], unkept: row[2], waiting: row[3] };
    }
    return this.#size;
  }

  keeps(key: string): boolean {
    return this.size.records > 0 && this.#sql.keeps.get(key) !== undefined;
  }

  keysAs(id: string, key: string): readonly string[] {
    return this.#sql.keysAs.all(id, key) as string[];
  }

  waitingFor(ids: readonly string[]): readonly string[] {
    if (this.size.waiting === 0) return [];
    return ids.flatMap((id) => this.#sql.waiting.all(id) as string[]);
  }

  get unkept(): readonly UnkeptRecord[] {
    const rows = this.#sql.unkept.all() as [string, InstanceId | null][];
    return rows.map(([key, source]) => ({ key, source }));
  }

  bytesOf(key: string): Uint8Array {
    const bytes = this.#sql.bytes.get(key) as Buffer | undefined;
    if (bytes === undefined) throw missingRow(`quarantine ${key}`);
    return bytes;
  }

  /** `src`: the row number of the peer that it came from. */
  write({ refused, released }: LogWrites, src: number | null): void {
    if (refused.length + released.length === 0) return;
    const receivedMs = this.#clock.nowMs();
    for (const { key, id, code, message, waitsFor, bytes } of refused) {
      // A message that quotes input may be cut inside a character; the database holds whole ones.
      const row = [key, id, code, message.toWellFormed(), waitsFor];
      this.#sql.add.run(...row, src, receivedMs, bytes, rowSum(...row));
    }
    for (const key of released) this.#sql.drop.run(key);
    this.forget();
  }
}

function statements(db: Db) {
  return {
    size: db
      .prepare(
        `SELECT count(*) FILTER (WHERE length(bytes) > 0), ifnull(sum(length(bytes)), 0),
           count(*) FILTER (WHERE length(bytes) = 0), count(waits_for) FROM quarantine`,
      )
      .raw(),
    keeps: db.prepare("SELECT 1 FROM quarantine WHERE key = ? AND length(bytes) > 0").pluck(),
    keysAs: db.prepare("SELECT key FROM quarantine WHERE id = ? OR key = ? ORDER BY key").pluck(),
    bytes: db.prepare("SELECT bytes FROM quarantine WHERE key = ?").pluck(),
    unkept: db
      .prepare(
        `SELECT q.key, p.uuid FROM quarantine q LEFT JOIN peer p ON p.id = q.src
           WHERE length(q.bytes) = 0 ORDER BY q.key`,
      )
      .raw(),
    waiting: db.prepare("SELECT key FROM quarantine WHERE waits_for = ? ORDER BY key").pluck(),
    add: db.prepare(
      `INSERT INTO quarantine (key, id, code, message, waits_for, src, received_ms, bytes, sum)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
         id = excluded.id, code = excluded.code, message = excluded.message,
         waits_for = excluded.waits_for, bytes = excluded.bytes, sum = excluded.sum`,
    ),
    drop: db.prepare("DELETE FROM quarantine WHERE key = ?"),
  };
}
