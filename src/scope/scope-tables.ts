import type { Lsn, ObjectId } from "../base/ids.ts";
import type { NamingList } from "./scope.ts";
import type { ScopedObject, Tie, Withheld } from "./selection.ts";

/** The objects that the names in a scope stand for, as they were found first. */
export type FoundNames = {
  readonly [list in NamingList]?: { readonly [name: string]: readonly string[] };
};

/** What a source remembers of a scope. */
export interface StoredScope {
  readonly hash: string;
  /** Canonical JSON. */
  readonly text: string;
  /** The log up to here was looked at. */
  readonly lsn: Lsn;
  /** The policy that merged what was looked at. */
  readonly policy: string;
  readonly names: FoundNames;
  /** Counts the evaluations in which anything entered or left. */
  readonly round: number;
  /** The highest position of {@link Member.entered} and {@link Member.left}. */
  readonly changed: Lsn;
}

/**
 * How an object stands to a scope. Positions are those after the evaluation before: no target has
 * come past them without having heard of the change.
 */
export interface Member {
  readonly inside: boolean;
  /** For its own sake, not only because another one takes it along. */
  readonly selected: boolean;
  /** Targets before this position get its whole history. */
  readonly entered: Lsn;
  /** Targets before this position are told that it left; 0: they are not, see `evaluateClosure`. */
  readonly left: Lsn;
  /** The evaluation in which it entered or left. */
  readonly round: number;
}

/** The scopes that a source remembers. */
export interface KeptScopes {
  hashes(): readonly string[];
  scope(hash: string): StoredScope | undefined;
  saveScope(scope: StoredScope): void;
  /** Forgets all that is known of a scope. */
  forgetScope(hash: string): void;
}

/**
 * What evaluating a scope asks of a store and tells it, inside one transaction. An object without a
 * stored {@link Member} is outside; of a scope that takes all, inside.
 */
export interface ScopeTables {
  /** The log's end, and the hash of the policy in force. */
  end(): Lsn;
  policyHash(): string;
  scope(hash: string): StoredScope | undefined;
  saveScope(scope: StoredScope): void;
  /** Up to where this process has looked, beyond what may be stored; undefined before it did. */
  seenTo(hash: string): Lsn | undefined;
  see(hash: string, upTo: Lsn): void;

  /** About {@link SCOPE_STEP_ENTRIES} after a position, where a changeset ends, or the log's end. */
  stepEnd(after: Lsn): Lsn;
  /** The objects of the entries after a position up to another, each once, gone ones too. */
  changedBetween(after: Lsn, upTo: Lsn): Iterable<ObjectId>;
  all(): Iterable<ObjectId>;
  /** What is withheld, or was once, and changed after a position. */
  withheldAfter(after: Lsn): Iterable<{ readonly id: ObjectId; readonly withheld: Withheld }>;
  /** Undefined for one that is not here, or gone. */
  object(id: string): ScopedObject | undefined;
  /** The position of an object's first entry. */
  firstAt(id: ObjectId): Lsn;
  /** Who goes by a name, or else was given it; deleted ones too. */
  named(type: string, name: string): readonly string[];
  /** The objects that are one with this one, itself among them; none if it is not here. */
  aliases(id: string): readonly string[];

  member(hash: string, id: string): Member | undefined;
  saveMember(hash: string, id: string, member: Member): void;
  /** Forgets that an object was ever inside. */
  dropMember(hash: string, id: string): void;
  ties(hash: string, id: string): readonly Tie[];
  saveTies(hash: string, id: string, ties: readonly Tie[]): void;
  /** Who comes along with an object, and what it comes along with, by all stored ties. */
  takenAlong(hash: string, id: string): readonly string[];
  takers(hash: string, id: string): readonly string[];
}
