import { isUuid } from "../base/ids.ts";
import type { Json } from "../base/json.ts";
import { ROLE_TYPES, references } from "../catalog/index.ts";
import type { Content } from "../model/content.ts";
import { NAMING_LIST_KEYS, type NamingList, type Scope } from "./scope.ts";

/** Types that come along with what refers to them. Packages do not: a scope is about them. */
export const CLOSURE_TYPES: ReadonlySet<string> = new Set([
  ...["tag", "vocabulary", "group", "organization", "user"],
]);

export function isRoleType(type: string): boolean {
  return ROLE_TYPES.includes(type);
}

/** Why an object stays home unless a scope asks for its like; 0 for one that may go. */
export type Withheld = 0 | 1 | 2;

const PRIVATE: Withheld = 1;
const ROLE: Withheld = 2;

/** The fields of content that say whether a package is public. */
export interface Publicity {
  readonly private?: Json | undefined;
  readonly state?: Json | undefined;
}

/** Deleted objects count as what they were: what hides one must not show it. */
export function withheldAs(type: string, publicity: Publicity): Withheld {
  if (type === "package") return isPrivate(publicity) ? PRIVATE : 0;
  return ROLE_TYPES.includes(type) ? ROLE : 0;
}

/** CKAN has several states for what is not finished yet. */
function isPrivate({ private: flag, state }: Publicity): boolean {
  return flag === true || (typeof state === "string" && state !== "active" && state !== "deleted");
}

export function staysHome(scope: Scope, withheld: Withheld): boolean {
  if (withheld === PRIVATE) return scope.private !== true;
  return withheld === ROLE && scope.roles !== true;
}

/** An object as a scope looks at it. */
export interface ScopedObject {
  readonly id: string;
  readonly type: string;
  readonly withheld: Withheld;
  readonly content: Content;
}

/** The objects that the lists of a scope name, by list. */
export type NamedObjects = { readonly [list in NamingList]?: ReadonlySet<string> };

/** True when a scope takes an object for its own sake: it fits, or refers to what it has to. */
export function isSelected(scope: Scope, object: ScopedObject, named: NamedObjects): boolean {
  const { id, type, withheld, content } = object;
  if (staysHome(scope, withheld) || withheld === ROLE) return false;
  if (scope.types !== undefined && !scope.types.includes(type)) return false;
  const lists = NAMING_LIST_KEYS.filter((key) => scope[key] !== undefined);
  if (lists.length === 0) return true;
  const related = [id, ...references(type, content).map((reference) => reference.id)];
  return lists.every((key) => related.some((one) => named[key]?.has(one) === true));
}

/** A role says by itself what it comes along with, also while it does not. */
export function isRole({ withheld }: Pick<ScopedObject, "withheld">): boolean {
  return withheld === ROLE;
}

/** True when an object may come along with another one. */
export function mayComeAlong(scope: Scope, { type, withheld }: ScopedObject): boolean {
  return withheld === ROLE ? scope.roles === true : CLOSURE_TYPES.has(type);
}

/** A tie between an object and another one, as the first one's content says it. */
export interface Tie {
  readonly other: string;
  /** The other one takes this one along; else this one takes the other along. */
  readonly up: boolean;
}

/** Who comes along with an object, and what it comes along with: a role with what it is about. */
export function tiesOf(scope: Scope, object: ScopedObject): Tie[] {
  const ties = new Map(tiesSaid(scope, object).map((tie) => [`${tie.up} ${tie.other}`, tie]));
  return [...ties.values()].filter(({ other }) => isUuid(other));
}

function tiesSaid(scope: Scope, { type, withheld, content }: ScopedObject): Tie[] {
  const found = references(type, content)
    .filter((reference) => CLOSURE_TYPES.has(reference.type))
    .map(({ id }) => ({ other: id, up: false }));
  if (withheld !== ROLE) return found;
  const { object } = content;
  if (scope.roles !== true || typeof object !== "string") return [];
  return [...found.filter(({ other }) => other !== object), { other: object, up: true }];
}
