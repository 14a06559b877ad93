import type { Lsn, ObjectId } from "../../base/ids.ts";
import { isUuid, uuidBytes } from "../../base/ids.ts";
import { SCOPE_STEP_ENTRIES } from "../../base/limits.ts";
import { parseStored, textOfCreation } from "../../log/stored-json.ts";
import type { Content } from "../../model/content.ts";
import { nameKey } from "../../names/claim.ts";
import type {
  FoundNames,
  KeptScopes,
  Member,
  ScopeTables,
  StoredScope,
} from "../../scope/scope-tables.ts";
import type { ScopedObject, Tie, Withheld } from "../../scope/selection.ts";
import type { LeftNote } from "../leaving.ts";
import type { Departures } from "../plan-tables.ts";
import { type Db, prepared } from "./database.ts";
import { readHead, readPolicy } from "./read-state.ts";
import { rowSum } from "./row-sum.ts";
import { storedUuid } from "./stored-values.ts";

/** What is known of scopes: who is inside, and since when; and what the log says of objects. */
export class SqliteScopes implements ScopeTables, KeptScopes, Departures {
  readonly #db: Db;
  readonly #seen = new Map<string, Lsn>();

  constructor(db: Db) {
    this.#db = db;
  }

  #all<Row>(sql: string, ...values: readonly unknown[]): Row[] {
    return prepared(this.#db, sql)
      .raw()
      .all(...values) as Row[];
  }

  #one<Value>(sql: string, ...values: readonly unknown[]): Value | undefined {
    const row = prepared(this.#db, sql)
      .raw()
      .get(...values) as [Value] | undefined;
    return row?.[0];
  }

  #run(sql: string, ...values: readonly unknown[]): void {
    prepared(this.#db, sql).run(...values);
  }

  end(): Lsn {
    return readHead(this.#db).lsn;
  }

  policyHash(): string {
    return readPolicy(this.#db).hash;
  }

  scope(hash: string): StoredScope | undefined {
    return readScope(this.#db, hash);
  }

  saveScope({ hash, text, lsn, policy, names, round, changed }: StoredScope): void {
    const values = [text, lsn, policy, JSON.stringify(names), round, changed];
    const set = "text = ?, lsn = ?, policy = ?, names = ?, round = ?, changed = ?, sum = ?";
    const sum = rowSum(hash, ...values);
    this.#run(`UPDATE scope SET ${set} WHERE id = ?`, ...values, sum, this.#row(hash));
  }

  seenTo(hash: string): Lsn | undefined {
    return this.#seen.get(hash);
  }

  see(hash: string, upTo: Lsn): void {
    this.#seen.set(hash, upTo);
  }

  /** After a rollback, or when others wrote. */
  forgetSeen(): void {
    this.#seen.clear();
  }

  /** The row number of a scope, which gets one when it is first met. */
  #row(hash: string): number {
    const known = this.#one<number>(FIND_SCOPE, hash);
    if (known !== undefined) return known;
    this.#run("INSERT INTO scope (hash) VALUES (?)", hash);
    return this.#one<number>(FIND_SCOPE, hash) as number;
  }

  hashes(): readonly string[] {
    return this.#all<[string]>("SELECT hash FROM scope").map(([hash]) => hash);
  }

  forgetScope(hash: string): void {
    for (const table of ["scope_member", "scope_tie"]) {
      this.#run(`DELETE FROM ${table} WHERE scope = (${FIND_SCOPE})`, hash);
    }
    this.#run("DELETE FROM scope WHERE hash = ?", hash);
    this.#seen.delete(hash);
  }

  stepEnd(after: Lsn): Lsn {
    const last = this.#all<[Lsn, number]>(
      "SELECT lsn, cs FROM rev WHERE lsn <= ? ORDER BY lsn DESC LIMIT 1",
      after + SCOPE_STEP_ENTRIES,
    )[0];
    if (last === undefined) return after;
    const [lsn, changeset] = last;
    const next = "SELECT min(lsn) FROM rev WHERE lsn > ? AND cs <> ?";
    const following = this.#one<Lsn | null>(next, lsn, changeset) ?? null;
    return following === null ? this.end() : following - 1;
  }

  *changedBetween(after: Lsn, upTo: Lsn): Iterable<ObjectId> {
    const rows = this.#all<[Buffer]>(
      `SELECT uuid FROM obj WHERE oid IN (SELECT oid FROM rev WHERE lsn > ? AND lsn <= ?)
         ORDER BY oid`,
      after,
      upTo,
    );
    for (const [uuid] of rows) yield storedUuid(uuid);
  }

  *all(): Iterable<ObjectId> {
    for (const [uuid] of this.#all<[Buffer]>("SELECT uuid FROM obj")) yield storedUuid(uuid);
  }

  *withheldAfter(after: Lsn): Iterable<{ readonly id: ObjectId; readonly withheld: Withheld }> {
    const sql = "SELECT uuid, withheld FROM obj WHERE withheld > 0 AND changed > ? AND nheads > 0";
    for (const [uuid, withheld] of this.#all<[Buffer, number]>(sql, after)) {
      yield { id: storedUuid(uuid), withheld: withheldNow(withheld) };
    }
  }

  object(id: string): ScopedObject | undefined {
    if (!isUuid(id)) return undefined;
    const row = this.#all<[string, number, string | null, Buffer | null]>(
      `SELECT o.type, o.withheld, o.body, CASE WHEN o.body IS NULL THEN r.record END
         FROM obj o JOIN rev r ON r.lsn = o.served WHERE o.uuid = ?`,
      uuidBytes(id),
    )[0];
    if (row === undefined) return undefined;
    const [type, withheld, body, record] = row;
    const text = body ?? textOfCreation(record, `obj ${id}`);
    const content = parseStored<Content>(text, `obj ${id}`);
    return { id, type, withheld: withheldNow(withheld), content };
  }

  firstAt(id: ObjectId): Lsn {
    const find = `SELECT min(lsn) FROM rev WHERE oid = ${OID}`;
    return this.#one<Lsn>(find, uuidBytes(id)) as Lsn;
  }

  named(type: string, name: string): readonly string[] {
    const shown = "ifnull(nkey, name) = ? AND ename IS NULL AND deleted = 0 OR ename = ?";
    const byName = this.#ids(type, shown, nameKey(name), name);
    return byName.length > 0 ? byName : this.#ids(type, "ifnull(nkey, name) = ?", nameKey(name));
  }

  #ids(type: string, which: string, ...values: readonly unknown[]): string[] {
    const sql = `SELECT uuid FROM obj WHERE (${which}) AND type = ? ORDER BY uuid`;
    return this.#all<[Buffer]>(sql, ...values, type).map(([uuid]) => storedUuid(uuid));
  }

  aliases(id: string): readonly string[] {
    if (!isUuid(id)) return [];
    const rows = this.#all<[Buffer]>(
      `SELECT b.uuid FROM obj a JOIN obj b ON b.uuid = a.uuid
          OR ifnull(b.nkey, b.name) = ifnull(a.nkey, a.name) AND b.type = a.type
         AND ifnull(b.canonical, b.uuid) = ifnull(a.canonical, a.uuid)
        WHERE a.uuid = ? AND a.nheads > 0`,
      uuidBytes(id),
    );
    return rows.map(([uuid]) => storedUuid(uuid));
  }

  member(hash: string, id: string): Member | undefined {
    if (!isUuid(id)) return undefined;
    const row = this.#all<[number, number, Lsn, Lsn, number]>(
      `SELECT inside, selected, entered, "left", round FROM scope_member
         WHERE scope = (${FIND_SCOPE}) AND oid = ${OID}`,
      hash,
      uuidBytes(id),
    )[0];
    if (row === undefined) return undefined;
    const [inside, selected, entered, left, round] = row;
    return { inside: inside === 1, selected: selected === 1, entered, left, round };
  }

  saveMember(hash: string, id: string, member: Member): void {
    const { inside, selected, entered, left, round } = member;
    this.#run(
      `INSERT OR REPLACE INTO scope_member (scope, oid, inside, selected, entered, "left", round)
         VALUES (?, ${OID}, ?, ?, ?, ?, ?)`,
      ...[this.#row(hash), uuidBytes(id)],
      ...[inside ? 1 : 0, selected ? 1 : 0, entered, left, round],
    );
  }

  dropMember(hash: string, id: string): void {
    const sql = `DELETE FROM scope_member WHERE scope = ? AND oid = ${OID}`;
    this.#run(sql, this.#row(hash), uuidBytes(id));
  }

  ties(hash: string, id: string): readonly Tie[] {
    const rows = this.#all<[Buffer, number]>(
      `SELECT other, up FROM scope_tie WHERE scope = (${FIND_SCOPE}) AND oid = ${OID}`,
      hash,
      uuidBytes(id),
    );
    return rows.map(([other, up]) => ({ other: storedUuid(other), up: up === 1 }));
  }

  saveTies(hash: string, id: string, ties: readonly Tie[]): void {
    const row = this.#row(hash);
    this.#run(`DELETE FROM scope_tie WHERE scope = ? AND oid = ${OID}`, row, uuidBytes(id));
    for (const { other, up } of ties) {
      if (!isUuid(other)) continue;
      this.#run(
        `INSERT OR IGNORE INTO scope_tie (scope, oid, up, other) VALUES (?, ${OID}, ?, ?)`,
        ...[row, uuidBytes(id), up ? 1 : 0, uuidBytes(other)],
      );
    }
  }

  takenAlong(hash: string, id: string): readonly string[] {
    return this.#tied(hash, id, 0);
  }

  takers(hash: string, id: string): readonly string[] {
    return this.#tied(hash, id, 1);
  }

  saveDepartures({ source, scope, objects }: LeftNote): void {
    const add = `INSERT OR IGNORE INTO departure (oid, peer, scope)
      SELECT oid, ?, ? FROM obj WHERE uuid = ? AND nheads > 0`;
    for (const id of objects) this.#run(add, source, scope, uuidBytes(id));
  }

  dropDepartures({ source, scope, objects }: LeftNote): void {
    const drop = `DELETE FROM departure WHERE oid = ${OID} AND peer = ? AND scope = ?`;
    for (const id of objects) this.#run(drop, uuidBytes(id), source, scope);
  }

  /** Those that an object's own ties of a direction name, and those whose ties of the other name it. */
  #tied(hash: string, id: string, up: 0 | 1): string[] {
    const own = `SELECT other FROM scope_tie WHERE scope = ? AND oid = ${OID} AND up = ?`;
    const others = `SELECT o.uuid FROM scope_tie t JOIN obj o ON o.oid = t.oid
      WHERE t.scope = ? AND t.other = ? AND t.up = ?`;
    const [row, uuid] = [this.#row(hash), uuidBytes(id)];
    return [
      ...this.#all<[Buffer]>(own, row, uuid, up),
      ...this.#all<[Buffer]>(others, row, uuid, 1 - up),
    ].map(([other]) => storedUuid(other));
  }
}

const FIND_SCOPE = "SELECT id FROM scope WHERE hash = ?";
const OID = "(SELECT oid FROM obj WHERE uuid = ?)";

/** What was withheld once is remembered, so that its return is found without looking at everything. */
const WITHHELD_ONCE = 3;

function withheldNow(stored: number): Withheld {
  return stored === WITHHELD_ONCE ? 0 : (stored as Withheld);
}

export function readScope(db: Db, hash: string): StoredScope | undefined {
  const row = prepared(
    db,
    "SELECT text, lsn, policy, names, round, changed FROM scope WHERE hash = ? AND text <> ''",
  )
    .raw()
    .get(hash) as [string, Lsn, string, string, number, Lsn] | undefined;
  if (row === undefined) return undefined;
  const [text, lsn, policy, names, round, changed] = row;
  const found = parseStored<FoundNames>(names, `scope ${hash}`);
  return { hash, text, lsn, policy, names: found, round, changed };
}
