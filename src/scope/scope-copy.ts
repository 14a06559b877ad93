import type { Lsn, ObjectId } from "../base/ids.ts";
import { evaluateScope } from "./evaluate-scope.ts";
import { type Scope, scopeHash, takesAll } from "./scope.ts";
import type { FoundNames, Member, ScopeTables, StoredScope } from "./scope-tables.ts";
import type { ScopedObject, Tie, Withheld } from "./selection.ts";

/** What is stored of one scope. */
export interface ScopeRows {
  readonly scope: StoredScope;
  readonly members: ReadonlyMap<string, Member>;
  readonly ties: ReadonlyMap<string, readonly Tie[]>;
}

type Source = Omit<ScopeTables, "see" | "saveScope" | "saveMember" | "dropMember" | "saveTies">;

/**
 * One scope, evaluated in memory over tables that stay as they are: from nothing, or onwards from
 * what is stored of it.
 */
export class ScopeCopy implements ScopeTables {
  readonly #tables: Source;
  readonly #scope: Scope;
  readonly #members: Map<string, Member>;
  readonly #ties = new Map<string, readonly Tie[]>();
  /** Whose ties name an object. */
  readonly #named = new Map<string, Set<string>>();
  #stored: StoredScope | undefined;

  constructor(tables: Source, scope: Scope, rows?: ScopeRows) {
    this.#tables = tables;
    this.#scope = scope;
    this.#stored = rows?.scope;
    this.#members = new Map(rows?.members);
    for (const [id, ties] of rows?.ties ?? []) this.saveTies("", id, ties);
  }

  /** A scope from nothing, in which names stand for what they were found for before. */
  static afresh(tables: Source, scope: Scope, names: FoundNames = {}): ScopeCopy {
    const copy = new ScopeCopy(tables, scope);
    const mark = { hash: scopeHash(scope), policy: tables.policyHash(), names };
    copy.#stored = { ...mark, text: "", lsn: 0, round: 0, changed: 0 };
    return copy;
  }

  /** Evaluates up to the log's end. */
  evaluate(): this {
    while (!evaluateScope(this, this.#scope).isCurrent);
    return this;
  }

  get members(): ReadonlyMap<string, Member> {
    return this.#members;
  }

  get tied(): ReadonlyMap<string, readonly Tie[]> {
    return this.#ties;
  }

  isInside(id: string): boolean {
    return this.#members.get(id)?.inside ?? takesAll(this.#scope);
  }

  end = (): Lsn => this.#tables.end();
  policyHash = (): string => this.#tables.policyHash();
  stepEnd = (after: Lsn): Lsn => this.#tables.stepEnd(after);
  all = (): Iterable<ObjectId> => this.#tables.all();
  object = (id: string): ScopedObject | undefined => this.#tables.object(id);
  firstAt = (id: ObjectId): Lsn => this.#tables.firstAt(id);
  aliases = (id: string): readonly string[] => this.#tables.aliases(id);

  changedBetween(after: Lsn, upTo: Lsn): Iterable<ObjectId> {
    return this.#tables.changedBetween(after, upTo);
  }

  withheldAfter(after: Lsn): Iterable<{ readonly id: ObjectId; readonly withheld: Withheld }> {
    return this.#tables.withheldAfter(after);
  }

  named(type: string, name: string): readonly string[] {
    return this.#tables.named(type, name);
  }

  scope(): StoredScope | undefined {
    return this.#stored;
  }

  saveScope(scope: StoredScope): void {
    this.#stored = scope;
  }

  seenTo(): Lsn | undefined {
    return this.#stored?.lsn;
  }

  /** What a copy has seen it has saved, too. */
  see(_: string, upTo: Lsn): void {
    if (this.#stored !== undefined) this.#stored = { ...this.#stored, lsn: upTo };
  }

  member(_: string, id: string): Member | undefined {
    return this.#members.get(id);
  }

  saveMember(_: string, id: string, member: Member): void {
    this.#members.set(id, member);
  }

  dropMember(_: string, id: string): void {
    this.#members.delete(id);
  }

  ties(_: string, id: string): readonly Tie[] {
    return this.#ties.get(id) ?? [];
  }

  saveTies(_: string, id: string, ties: readonly Tie[]): void {
    for (const { other } of this.ties("", id)) this.#named.get(other)?.delete(id);
    for (const { other } of ties) {
      const namers = this.#named.get(other) ?? new Set();
      this.#named.set(other, namers.add(id));
    }
    if (ties.length === 0) this.#ties.delete(id);
    else this.#ties.set(id, ties);
  }

  takenAlong(_: string, id: string): readonly string[] {
    return this.#tied(id, false);
  }

  takers(_: string, id: string): readonly string[] {
    return this.#tied(id, true);
  }

  #tied(id: string, up: boolean): string[] {
    const own = this.ties("", id).filter((tie) => tie.up === up);
    const others = [...(this.#named.get(id) ?? [])].filter((other) =>
      this.ties("", other).some((tie) => tie.other === id && tie.up !== up),
    );
    return [...own.map(({ other }) => other), ...others];
  }
}
