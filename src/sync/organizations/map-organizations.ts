import { SynclineError } from "../../base/errors.ts";
import {
  type InstanceId,
  instanceOf,
  isUuid,
  type Lsn,
  type ObjectId,
  type RevisionId,
} from "../../base/ids.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { PAGE_ITEMS_MAX } from "../../base/limits.ts";
import type { Change } from "../../log/author.ts";
import { ownerIn } from "../../log/organization-door.ts";
import type { Changeset, Revision } from "../../model/record.ts";
import type { EntryRow, LinkOrganizations, ObjectRow } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";
import { targetOf } from "./rules.ts";
import { type OwnerEdit, ownerToMap } from "./standing-owner.ts";

/** Packages that one changeset gives their organizations. */
const CHANGESET_PACKAGES_MAX = 500;
/** Organizations that the message of a changeset names. */
const PAIRS_NAMED_MAX = 20;
/** How often a changeset is made again because somebody edited one of its packages meanwhile. */
const ATTEMPTS_MAX = 20;

/** A link whose packages get other organizations. */
export interface MappedLink {
  readonly name: string;
  readonly peer: InstanceId;
  readonly rules: LinkOrganizations;
}

/** Who authors what a link maps, as the log shows it. */
export function mappingAuthor(link: string): string {
  return `link ${link}`;
}

/**
 * Gives the packages that came over a link, by entries after a position of the own log, the
 * organizations that its rules say, in changesets of the link's. The work follows from what is
 * stored alone: whatever was cut off is done by the next call, and what is done is not done again.
 * Returns the position up to which all is mapped.
 */
export async function mapOrganizations(store: Store, link: MappedLink, after: Lsn): Promise<Lsn> {
  let mappedTo = after;
  for (;;) {
    const { lsn: end } = await store.head();
    const page = await store.entries({ after: mappedTo, limit: PAGE_ITEMS_MAX });
    const last = page.at(-1);
    // What is gone leaves no entry, also at the end of the log.
    if (last === undefined) return Math.max(mappedTo, end);
    const packages = [...packagesIn(page, link)];
    for (let start = 0; start < packages.length; start += CHANGESET_PACKAGES_MAX) {
      await mapPackages(store, link, packages.slice(start, start + CHANGESET_PACKAGES_MAX));
    }
    mappedTo = last.lsn;
  }
}

/** A package, and the newest revision in hand that says its organization; null: looks for it. */
type Named = readonly [object: ObjectId, by: RevisionId | null];

/** The packages that entries from the peer may have made ones of mapped organizations. */
function packagesIn(page: readonly EntryRow[], { peer, rules }: MappedLink): Iterable<Named> {
  const packages = new Map<ObjectId, RevisionId | null>();
  for (const { kind, source, text, object, id } of page) {
    if (kind !== "revision" || source !== peer) continue;
    // Cheaper than reading the record: few say anything of an owner or a deletion.
    const isUndelete = text.includes('/@deleted"');
    if (!isUndelete && !text.includes("owner_org")) continue;
    const record = JSON.parse(text) as Revision;
    if (record.type !== "package") continue;
    if (targetOf(rules, ownerOf(record)) !== undefined) packages.set(object, id);
    else if (isUndelete) packages.set(object, null);
  }
  return packages;
}

/** What a revision makes the owner: undefined when it leaves it alone. */
function ownerOf({ patch }: Revision): OwnerEdit["owner"] {
  for (const write of patch) {
    if (write.op === "remove") {
      if (write.path === "/owner_org") return null;
      continue;
    }
    const owner = ownerIn(write.path, write.value);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

/** Maps some packages in one changeset. */
async function mapPackages(
  store: Store,
  link: MappedLink,
  packages: readonly Named[],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const changes: Change[] = [];
    const pairs = new Map<string, number>();
    for (const [id, by] of packages) {
      const row = await store.object(id);
      const mapping = row === undefined ? undefined : await mappingOf(store, link, row, by);
      if (mapping === undefined) continue;
      changes.push(mapping.change);
      pairs.set(mapping.pair, (pairs.get(mapping.pair) ?? 0) + 1);
    }
    if (changes.length === 0) return;
    try {
      const author = mappingAuthor(link.name);
      await store.author({ author, message: await messageOf(store, pairs), changes });
      return;
    } catch (error) {
      // Somebody edited, deleted or purged one of them just now: it is looked at again.
      const isStale = error instanceof SynclineError && error.code === "STALE_EDIT";
      if (!isStale || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

interface Mapping {
  readonly change: Change;
  /** The owner that it had and the one it gets. */
  readonly pair: string;
}

async function mappingOf(
  store: Store,
  link: MappedLink,
  row: ObjectRow,
  named: RevisionId | null,
): Promise<Mapping | undefined> {
  if (row.deleted || row.parked || row.type !== "package") return undefined;
  const { owner_org: standing } = JSON.parse(row.text) as JsonObject;
  const target = targetOf(link.rules, standing);
  // With one line of work nothing else can stand behind what readers see.
  if (row.heads.length === 1 && target === undefined) return undefined;
  const isLast = row.heads.length === 1 && row.heads[0] === named;
  const owner = isLast ? target : await fromHistory(store, link, row, standing);
  if (owner === undefined) return undefined;
  const patch = [{ op: "add", path: "/owner_org", value: owner }];
  const change: Change = { kind: "patch", object: row.id, patch, ifRevision: row.revision };
  return { change, pair: `${String(standing ?? "")} ${owner}` };
}

async function fromHistory(
  store: Store,
  link: MappedLink,
  { id }: ObjectRow,
  standing: Json | undefined,
): Promise<ObjectId | undefined> {
  const history = await historyOf(store, link, id);
  return ownerToMap(history, standing, (owner) => targetOf(link.rules, owner));
}

async function historyOf(store: Store, link: MappedLink, object: ObjectId): Promise<OwnerEdit[]> {
  const { instance } = await store.identity();
  const history: OwnerEdit[] = [];
  let after: Lsn = 0;
  for (;;) {
    const page = await store.entries({ object, after, limit: PAGE_ITEMS_MAX });
    for (const { kind, text, changeset, source } of page) {
      if (kind !== "revision") continue;
      const record = JSON.parse(text) as Revision;
      const { id, parents, hlc } = record;
      const isOwn = instanceOf(record.actor) === instance;
      const by = isOwn ? authorKind(changeset, link.name) : source === link.peer ? "link" : "other";
      history.push({ id, parents, hlc, owner: ownerOf(record), by });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ITEMS_MAX) return history;
    after = last.lsn;
  }
}

function authorKind(changeset: string | null, link: string): "mapping" | "other" {
  if (changeset === null) return "other";
  const { author } = JSON.parse(changeset) as Changeset;
  return author === mappingAuthor(link) ? "mapping" : "other";
}

/** Which organization became which, on how many packages; of many, only how many. */
async function messageOf(store: Store, pairs: ReadonlyMap<string, number>): Promise<string> {
  if (pairs.size > PAIRS_NAMED_MAX) return `map organizations of packages: ${pairs.size}`;
  const parts: string[] = [];
  for (const [pair, many] of pairs) {
    const [from = "", to = ""] = pair.split(" ");
    const names = `${await nameOf(store, from)} to ${await nameOf(store, to)}`;
    parts.push(`${names} on ${many} ${many === 1 ? "package" : "packages"}`);
  }
  return `map organization ${parts.join(", ")}`;
}

async function nameOf(store: Store, id: string): Promise<string> {
  const row = isUuid(id) ? await store.object(id as ObjectId) : undefined;
  return row?.effectiveName ?? row?.name ?? (id === "" ? "none" : id);
}
