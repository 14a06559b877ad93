import { type ActorId, type InstanceId, instanceOf, type Lsn, type ObjectId } from "../base/ids.ts";
import type { Json } from "../base/json.ts";
import { references } from "../catalog/index.ts";
import { parseScope } from "../scope/parse-scope.ts";
import { type Scope, scopeHash, takesAll } from "../scope/scope.ts";
import { ScopeCopy } from "../scope/scope-copy.ts";
import type { ScopeTables } from "../scope/scope-tables.ts";
import { CLOSURE_TYPES } from "../scope/selection.ts";
import type { Cursor, Departure, Identity, LinkRow } from "./rows.ts";

/**
 * Why an object that left a scope stays here, also where the link drops what leaves: it was created
 * here; it has edits that its source may not know; another link carries it; something that stays
 * refers to it.
 */
export type Stay = "created" | "edited" | "carried" | "used";

/** An object that left a scope at its source. */
export interface Leaving {
  readonly object: ObjectId;
  readonly isLive: boolean;
  /** Null for one that a link which drops what leaves would drop. */
  readonly stays: Stay | null;
}

/** Over which link something left: the peer, and the hash of the scope. */
export interface LeftWhere {
  readonly source: InstanceId;
  readonly scope: string;
}

/** Objects that left a scope at the source, as it says. */
export interface LeftNote {
  readonly source: InstanceId;
  readonly scope: string;
  readonly objects: readonly ObjectId[];
  /**
   * The source names all that is outside, also what never was inside: marked is what came from it and
   * no other link carries. With the first of them, the marks from before go.
   */
  readonly anew?: "first" | "more";
}

/** A link's scope was changed, and everything in it has come: what fell out has left it, too. */
export interface NarrowedNote {
  readonly source: InstanceId;
  /** The canonical texts of the scopes that were and are. */
  readonly from: string;
  readonly to: string;
}

/** A revision of an object, as far as it says whether others hold it, too. */
export interface Origin {
  /** Whom it came from; null for one that is of this instance, or came in a file. */
  readonly source: InstanceId | null;
  readonly actor: ActorId;
  readonly isCreation: boolean;
  readonly isHead: boolean;
  readonly lsn: Lsn;
}

/** What has to be known of a store to say what of it may go. */
export interface LeavingTables {
  readonly scopes: ScopeTables;
  identity(): Identity;
  links(): readonly LinkRow[];
  cursor(peer: InstanceId, scope: string): Cursor | undefined;
  /** Whose logs have come in part or whole, and within which scopes. */
  cursors(): readonly LeftWhere[];
  departures(): readonly Departure[];
  /** False also for an object that is not here. */
  isLive(object: ObjectId): boolean;
  /** The revisions of an object. */
  origins(object: ObjectId): readonly Origin[];
}

/** What left a scope at its source and is here, with what becomes of it where the link drops that. */
export function leavingOf(tables: LeavingTables, { source, scope }: LeftWhere): Leaving[] {
  const all = tables.departures();
  const left = all.filter((one) => one.peer === source && one.scope === scope);
  if (left.length === 0) return [];
  const { instance } = tables.identity();
  const knows = knowledgeOf(tables, { source, scope });
  const carriers = carriersOf(tables, all, { source, scope });
  const found = left.map(({ object }): Leaving => {
    const origins = tables.origins(object);
    const isCarried = (): boolean => carriers.some((carries) => carries(object, origins));
    const isCreated = origins.some((one) => one.isCreation && instanceOf(one.actor) === instance);
    const isKnown = origins.every((one) => !one.isHead || knows(object, one));
    const own = isCreated ? "created" : isKnown ? null : "edited";
    const stays = own ?? (isCarried() ? "carried" : null);
    return { object, isLive: tables.isLive(object), stays };
  });
  const used = usedAmong(tables.scopes, found);
  return found.map((one) => (used.has(one.object) ? { ...one, stays: "used" } : one));
}

/**
 * Tells whether the source has a revision: it came from there; or the link goes both ways, its object
 * is in that scope here, too, and the source has confirmed everything up to it. Who has all heads of
 * an object has all of it, since nobody stores a revision before its parents.
 */
function knowledgeOf(
  tables: LeavingTables,
  { source, scope }: LeftWhere,
): (object: ObjectId, revision: Origin) => boolean {
  const confirmed = tables.links().reduce((most, link) => {
    const isSame = link.peer === source && scopeHash(scopeOf(link)) === scope;
    return isSame && link.direction === "both" ? Math.max(most, link.confirmed ?? 0) : most;
  }, 0);
  const stored = tables.scopes.scope(scope);
  const isAll = stored !== undefined && takesAll(parseScope(JSON.parse(stored.text) as Json));
  return (object, { source: from, lsn }) => {
    if (from === source) return true;
    if (lsn > confirmed || stored === undefined) return false;
    const member = tables.scopes.member(scope, object);
    return member === undefined ? isAll : member.inside && member.entered <= confirmed;
  };
}

function scopeOf({ scope }: LinkRow): Scope {
  return parseScope(JSON.parse(scope ?? "{}") as Json);
}

type Carries = (object: ObjectId, origins: readonly Origin[]) => boolean;

/**
 * The other links over which this instance receives, each as a function that says whether it carries
 * an object: the peer has it, and it is in that scope by what is known here.
 */
function carriersOf(
  tables: LeavingTables,
  all: readonly Departure[],
  { source, scope }: LeftWhere,
  links: readonly LinkRow[] = tables.links(),
): Carries[] {
  return links.flatMap((link): Carries[] => {
    const { peer } = link;
    const parsed = scopeOf(link);
    const hash = scopeHash(parsed);
    if (peer === null || link.direction === "push" || (peer === source && hash === scope))
      return [];
    if (tables.cursor(peer, hash) === undefined) return [];
    const gone = new Set(
      all.filter((one) => one.peer === peer && one.scope === hash).map(({ object }) => object),
    );
    let copy: ScopeCopy | undefined;
    const isInside = (object: ObjectId): boolean => {
      copy ??= ScopeCopy.afresh(tables.scopes, parsed).evaluate();
      return copy.isInside(object);
    };
    return [
      (object, origins) =>
        !gone.has(object) &&
        (peer === source || origins.some((one) => one.source === peer)) &&
        isInside(object),
    ];
  });
}

/** The marks that go and those that are set when a source says what left, or all that is outside. */
export function leftBy(tables: LeavingTables, note: LeftNote): MarksChange {
  const { source, scope, objects, anew } = note;
  if (anew === undefined) return { former: { source, scope, objects: [] }, fellOut: note };
  const all = tables.departures();
  const marked = all.filter((one) => one.peer === source && one.scope === scope);
  const had = anew === "first" ? marked.map(({ object }) => object) : [];
  const outside = objects.filter(cameWithin(tables, { source, scope }));
  return {
    former: { source, scope, objects: had },
    fellOut: { source, scope, objects: outside },
  };
}

/**
 * Tells whether an object came from a source within a scope: it came from there, and is in that scope
 * as it is here, or no other link with that source carries it.
 */
function cameWithin(tables: LeavingTables, where: LeftWhere): (object: ObjectId) => boolean {
  const links = tables.links().filter(({ peer }) => peer === where.source);
  const carriers = carriersOf(tables, tables.departures(), where, links);
  const scope = links.map(scopeOf).find((one) => scopeHash(one) === where.scope);
  const copy = scope && ScopeCopy.afresh(tables.scopes, scope).evaluate();
  return (object) => {
    const origins = tables.origins(object);
    if (!origins.some((one) => one.source === where.source)) return false;
    return copy?.isInside(object) === true || !carriers.some((carries) => carries(object, origins));
  };
}

interface MarksChange {
  readonly former: LeftNote;
  readonly fellOut: LeftNote;
}

/**
 * What left with another scope of a link: what came from its source within the former one, and is not
 * in the present one, nor carried by another link with it. What had left the former one before is in it no
 * longer, unless it is among that.
 */
export function narrowedOut(
  tables: LeavingTables,
  { source, from, to }: NarrowedNote,
): MarksChange {
  const [before, now] = [from, to].map((text) => {
    const scope = parseScope(JSON.parse(text) as Json);
    return { hash: scopeHash(scope), copy: ScopeCopy.afresh(tables.scopes, scope).evaluate() };
  }) as [ScopeAtWork, ScopeAtWork];
  const left = tables.departures().filter(({ peer, scope }) => {
    return peer === source && scope === before.hash;
  });
  const had = new Set(left.map(({ object }) => object));
  const where = { source, scope: now.hash };
  const cameFromIt = cameWithin(tables, where);
  const objects = [...tables.scopes.all()].filter((id) => {
    const wasInside = had.has(id) || before.copy.isInside(id);
    return wasInside && !now.copy.isInside(id) && cameFromIt(id);
  });
  return {
    former: { source, scope: before.hash, objects: [...had] },
    fellOut: { ...where, objects },
  };
}

interface ScopeAtWork {
  readonly hash: string;
  readonly copy: ScopeCopy;
}

/**
 * The other cursors that say of objects which are dropped that they are here: their sources have to
 * send everything once more. Those of own links say it of what is in their scopes. What the others are
 * for is not known here: a peer pushes into this instance, or a link had another scope before.
 */
export function claimsOn(
  tables: LeavingTables,
  { source, scope }: LeftWhere,
  objects: readonly ObjectId[],
): LeftWhere[] {
  const scopes = tables.links().map((link) => ({ peer: link.peer, scope: scopeOf(link) }));
  return tables.cursors().filter((cursor) => {
    if (cursor.source === source && cursor.scope === scope) return false;
    const own = scopes.find((one) => {
      return one.peer === cursor.source && scopeHash(one.scope) === cursor.scope;
    });
    if (own === undefined) return true;
    const copy = ScopeCopy.afresh(tables.scopes, own.scope).evaluate();
    return objects.some((id) => copy.isInside(id));
  });
}

/** Those that would go, and that something refers to that stays; what these refer to stays, too. */
function usedAmong(scopes: ScopeTables, found: readonly Leaving[]): ReadonlySet<string> {
  const going = new Set<string>(
    found.filter(({ stays }) => stays === null).map(({ object }) => object),
  );
  const isTarget = (id: string): boolean => CLOSURE_TYPES.has(scopes.object(id)?.type ?? "");
  const targets = new Set([...going].filter(isTarget));
  const used = new Set<string>();
  if (targets.size === 0) return used;
  const open: string[] = [...scopes.all()].filter((id) => !going.has(id));
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const object = scopes.object(id);
    if (object === undefined) continue;
    for (const { id: other } of references(object.type, object.content)) {
      if (!targets.has(other) || used.has(other)) continue;
      used.add(other);
      open.push(other);
    }
  }
  return used;
}
