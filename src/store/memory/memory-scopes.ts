import { compareCodeUnits } from "../../base/canonical.ts";
import { CHAIN_START, nextChain } from "../../base/hash.ts";
import { type Lsn, type ObjectId, uuidBytes } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import { PAGE_ITEMS_MAX, SCOPE_STEP_ENTRIES } from "../../base/limits.ts";
import type { Content } from "../../model/content.ts";
import { nameKey } from "../../names/claim.ts";
import { parseScope } from "../../scope/parse-scope.ts";
import { takesAll } from "../../scope/scope.ts";
import type { ScopeRows } from "../../scope/scope-copy.ts";
import type { KeptScopes, Member, ScopeTables, StoredScope } from "../../scope/scope-tables.ts";
import type { ScopedObject, Tie, Withheld } from "../../scope/selection.ts";
import type { LeftNote } from "../leaving.ts";
import { PageBuilder } from "../page-builder.ts";
import type { PageLimits } from "../page-limits.ts";
import type { Departures } from "../plan-tables.ts";
import type { Departure, EnteredFilter, EnteredPage, ScopeChange, WithinScope } from "../rows.ts";
import type { MemoryObject } from "./memory-rows.ts";
import type { MemoryTables } from "./memory-tables.ts";

interface Known {
  scope: StoredScope | undefined;
  readonly members: Map<string, Member>;
  readonly ties: Map<string, readonly Tie[]>;
}

/** What a memory store knows of scopes. */
export class MemoryScopes implements ScopeTables, KeptScopes, Departures {
  readonly #tables: MemoryTables;
  readonly #known = new Map<string, Known>();
  readonly #seen = new Map<string, Lsn>();
  readonly #departures = new Map<string, Departure>();

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  /** Takes what another store knows, from now on apart. */
  takeOver(other: MemoryScopes): void {
    for (const [hash, { scope, members, ties }] of other.#known) {
      this.#known.set(hash, { scope, members: new Map(members), ties: new Map(ties) });
    }
    for (const [key, one] of other.#departures) this.#departures.set(key, one);
  }

  #of(hash: string): Known {
    const known = this.#known.get(hash) ?? {
      scope: undefined,
      members: new Map(),
      ties: new Map(),
    };
    this.#known.set(hash, known);
    return known;
  }

  hashes(): readonly string[] {
    return [...this.#known.values()].flatMap(({ scope }) => (scope ? [scope.hash] : []));
  }

  forgetScope(hash: string): void {
    this.#known.delete(hash);
    this.#seen.delete(hash);
  }

  end(): Lsn {
    return this.#tables.log.length;
  }

  policyHash(): string {
    return this.#tables.policy().hash;
  }

  scope(hash: string): StoredScope | undefined {
    return this.#known.get(hash)?.scope;
  }

  saveScope(scope: StoredScope): void {
    this.#of(scope.hash).scope = scope;
  }

  seenTo(hash: string): Lsn | undefined {
    return this.#seen.get(hash);
  }

  see(hash: string, upTo: Lsn): void {
    this.#seen.set(hash, upTo);
  }

  /** What only the process knew that ends. */
  forgetSeen(): void {
    this.#seen.clear();
  }

  stepEnd(after: Lsn): Lsn {
    const { log } = this.#tables;
    let end = Math.min(after + SCOPE_STEP_ENTRIES, log.length);
    const changeset = log[end - 1]?.envelope.changeset;
    while (end < log.length && log[end]?.envelope.changeset === changeset) end += 1;
    return end;
  }

  changedBetween(after: Lsn, upTo: Lsn): Iterable<ObjectId> {
    return new Set(this.#tables.log.slice(after, upTo).map(({ envelope }) => envelope.object));
  }

  all(): Iterable<ObjectId> {
    return [...this.#tables.objects.keys(), ...this.#tables.gone.keys()];
  }

  *withheldAfter(after: Lsn): Iterable<{ readonly id: ObjectId; readonly withheld: Withheld }> {
    for (const { id, withheld, everWithheld, changed } of this.#tables.objects.values()) {
      if (everWithheld && changed > after) yield { id, withheld };
    }
  }

  object(id: string): ScopedObject | undefined {
    const object = this.#object(id);
    if (object === undefined) return undefined;
    const content = JSON.parse(this.#tables.textOf(object)) as Content;
    return { id, type: object.type, withheld: object.withheld, content };
  }

  #object(id: string): MemoryObject | undefined {
    return this.#tables.objects.get(id as ObjectId);
  }

  firstAt(id: ObjectId): Lsn {
    return this.#tables.log.findIndex(({ envelope }) => envelope.object === id) + 1;
  }

  named(type: string, name: string): readonly string[] {
    const ofType = [...this.#tables.objects.values()].filter((object) => object.type === type);
    const isCalled = (object: MemoryObject): boolean =>
      object.name !== null && nameKey(object.name) === nameKey(name);
    const goesBy = (object: MemoryObject): boolean =>
      object.effectiveName === null
        ? !object.deleted && isCalled(object)
        : object.effectiveName === name;
    const byName = ofType.filter(goesBy);
    const found = byName.length > 0 ? byName : ofType.filter(isCalled);
    return found.map(({ id }) => id).sort(compareCodeUnits);
  }

  aliases(id: string): readonly string[] {
    const object = this.#object(id);
    if (object === undefined) return [];
    const stands = ({ canonical, id: own }: MemoryObject): string => canonical ?? own;
    const isAlias = (other: MemoryObject): boolean =>
      other.type === object.type &&
      other.name !== null &&
      object.name !== null &&
      nameKey(other.name) === nameKey(object.name) &&
      stands(other) === stands(object);
    const others = [...this.#tables.objects.values()].filter(isAlias).map((other) => other.id);
    return [...new Set([object.id, ...others])];
  }

  member(hash: string, id: string): Member | undefined {
    return this.#known.get(hash)?.members.get(id);
  }

  saveMember(hash: string, id: string, member: Member): void {
    this.#of(hash).members.set(id, member);
  }

  dropMember(hash: string, id: string): void {
    this.#of(hash).members.delete(id);
  }

  ties(hash: string, id: string): readonly Tie[] {
    return this.#known.get(hash)?.ties.get(id) ?? [];
  }

  saveTies(hash: string, id: string, ties: readonly Tie[]): void {
    if (ties.length > 0) this.#of(hash).ties.set(id, ties);
    else this.#of(hash).ties.delete(id);
  }

  saveDepartures({ source: peer, scope, objects }: LeftNote): void {
    for (const object of objects) {
      const one = { object, peer, scope };
      if (this.#object(object) !== undefined) this.#departures.set(keyOf(one), one);
    }
  }

  dropDepartures({ source: peer, scope, objects }: LeftNote): void {
    for (const object of objects) this.#departures.delete(keyOf({ object, peer, scope }));
  }

  /** See `Store.departures`. */
  departures(object: ObjectId | undefined): readonly Departure[] {
    return [...this.#departures.values()]
      .filter((one) => object === undefined || one.object === object)
      .sort((a, b) => compareCodeUnits(keyOf(a), keyOf(b)));
  }

  /** All that is stored of scopes. */
  rows(): ScopeRows[] {
    return [...this.#known.values()].flatMap(({ scope, members, ties }) =>
      scope === undefined ? [] : [{ scope, members, ties }],
    );
  }

  /** Forgets the marks of an object that is gone. */
  forget(object: ObjectId): void {
    for (const [key, one] of this.#departures) {
      if (one.object === object) this.#departures.delete(key);
    }
  }

  takenAlong(hash: string, id: string): readonly string[] {
    return this.#tied(hash, id, false);
  }

  takers(hash: string, id: string): readonly string[] {
    return this.#tied(hash, id, true);
  }

  #tied(hash: string, id: string, up: boolean): string[] {
    const own = this.ties(hash, id).filter((tie) => tie.up === up);
    const others = [...(this.#known.get(hash)?.ties ?? [])].filter(([, ties]) =>
      ties.some((tie) => tie.other === id && tie.up !== up),
    );
    return [...own.map(({ other }) => other), ...others.map(([other]) => other)];
  }

  /** Tells which objects are outside a scope. */
  outsiders(within: WithinScope | undefined): (id: ObjectId) => boolean {
    if (within === undefined) return () => false;
    const known = this.#of(within.hash);
    const isInside = known.scope !== undefined && takesAll(parseScope(textOf(known.scope)));
    return (id) => {
      const member = known.members.get(id);
      return member === undefined ? !isInside : !member.inside || member.round > within.round;
    };
  }

  /** See `Store.leftScope`. */
  left({ hash, round, after, told = "" as ObjectId, all }: ScopeChange): readonly ObjectId[] {
    const left = [...this.#of(hash).members]
      .filter(([, member]) => !member.inside && member.left > after && member.round <= round)
      .map(([id]) => id as ObjectId);
    const isOutside = this.outsiders({ hash, round });
    return (all ? [...this.#tables.objects.keys()].filter(isOutside) : left)
      .filter((id) => id > told)
      .sort(compareCodeUnits)
      .slice(0, PAGE_ITEMS_MAX);
  }

  /** See `Store.readEntered`. */
  readEntered(filter: EnteredFilter, limits: PageLimits): EnteredPage | undefined {
    const { hash, round, upTo, after } = filter;
    let [count, chain, last] = [0, CHAIN_START, after];
    const page = new PageBuilder(0, limits, () => chain);
    const start = after === undefined ? 0 : this.firstAt(after.object);
    const isEntered = (id: ObjectId): boolean => {
      if (!this.#tables.objects.has(id)) return false;
      const member = this.member(hash, id);
      return member?.inside === true && member.entered > upTo && member.round <= round;
    };
    const objects = [...this.changedBetween(Math.max(start - 1, 0), upTo)]
      .filter((id) => isEntered(id) && this.firstAt(id) >= start)
      .sort((a, b) => this.firstAt(a) - this.firstAt(b));
    for (const object of objects) {
      const from = object === after?.object ? after.lsn : 0;
      for (const { lsn, kind, envelope, bytes, hash: sum } of this.#tables.log) {
        if (envelope.object !== object || kind !== "revision" || lsn <= from || lsn > upTo)
          continue;
        const { changeset, id } = envelope;
        if (page.isFull(changeset, bytes.length)) return last && pageOf(page, last);
        const text = changeset && this.#tables.changesets.get(changeset)?.text;
        if (!page.has(changeset)) page.addChangeset(changeset, Buffer.from(text ?? ""));
        chain = nextChain(chain, uuidBytes(id), sum);
        count += 1;
        page.add(count, bytes);
        last = { object, lsn };
      }
    }
    return last && pageOf(page, last);
  }
}

function keyOf({ object, peer, scope }: Departure): string {
  return `${object}#${peer}#${scope}`;
}

function pageOf(page: PageBuilder, last: EnteredPage["last"]): EnteredPage | undefined {
  const built = page.build();
  return built && { ...built, last };
}

function textOf({ text }: StoredScope): JsonObject {
  return JSON.parse(text) as JsonObject;
}
