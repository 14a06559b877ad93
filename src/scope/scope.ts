import { canonicalize } from "../base/canonical.ts";
import { sha256Hex } from "../base/hash.ts";
import type { JsonObject } from "../base/json.ts";

/**
 * What a link carries: whole objects that fit all of the given lists, by any member of a list, and
 * what these refer to. A list that is left out lets everything pass. Always in one form: lists are
 * sorted and name nothing twice, what is not asked for is left out.
 */
export interface Scope {
  readonly types?: readonly string[];
  /** Names or ids. */
  readonly organizations?: readonly string[];
  readonly groups?: readonly string[];
  readonly tags?: readonly string[];
  /** Packages that are private or drafts, too. */
  readonly private?: true;
  /** Who may do what with the objects, too. */
  readonly roles?: true;
}

/** The lists of a scope that name objects, and the types of these. */
export const NAMING_LISTS = {
  organizations: "organization",
  groups: "group",
  tags: "tag",
} as const;

export type NamingList = keyof typeof NAMING_LISTS;

export const NAMING_LIST_KEYS: readonly NamingList[] = ["organizations", "groups", "tags"];

/** The scope of a link that has none: all that does not stay home. */
export const EVERYTHING: Scope = {};

/** True when a scope leaves out nothing but what stays home unless it is asked for. */
export function takesAll(scope: Scope): boolean {
  return scope.types === undefined && NAMING_LIST_KEYS.every((key) => scope[key] === undefined);
}

/** Canonical JSON. */
export function scopeText(scope: Scope): string {
  return canonicalize({ ...scope } as JsonObject);
}

/**
 * The key of a scope in cursors and messages: the first 32 hexadecimal digits of
 * SHA-256(JCS({"v":1, …scope})). Versioned, so that a new meaning of a key cannot take over the
 * cursors of the old one; canonical, so that the order of keys cannot lose them.
 */
export function scopeHash(scope: Scope): string {
  return sha256Hex(canonicalize({ v: 1, ...scope } as JsonObject)).slice(0, 32);
}

/** The canonical text of {@link EVERYTHING}. */
export const EVERYTHING_TEXT: string = scopeText(EVERYTHING);
/** The hash of {@link EVERYTHING}; messages leave it out. */
export const EVERYTHING_HASH: string = scopeHash(EVERYTHING);
