import {
  type ActorId,
  epochOf,
  type InstanceId,
  instanceOf,
  type Lsn,
  type RevisionId,
} from "../../base/ids.ts";
import { stubLine } from "../../log/stub.ts";
import { PageBuilder } from "../page-builder.ts";
import type { PageLimits } from "../page-limits.ts";
import type { LogPage } from "../rows.ts";
import { type MemoryEntry, recordOf } from "./memory-rows.ts";
import type { MemoryTables } from "./memory-tables.ts";

/** See `Store.readPage`. */
export function readPage(
  tables: MemoryTables,
  after: Lsn,
  limits: PageLimits,
): LogPage | undefined {
  const chainAt = (lsn: Lsn): Uint8Array => (tables.entryAt(lsn) as MemoryEntry).chain;
  const page = new PageBuilder(after, limits, chainAt);
  const end = Math.min(tables.log.length, limits.upTo ?? Number.POSITIVE_INFINITY);
  const { skip, only, except = [] } = limits;
  const isOwn = only && ((actor: ActorId): boolean => isBy(actor, only, except));
  const bases = isOwn === undefined ? undefined : basesOf(tables, after, isOwn);
  const isOutsider = tables.scopes.outsiders(limits.within);
  for (let lsn = after + 1; lsn <= end; lsn++) {
    const { kind, envelope, bytes, hash, source } = tables.entryAt(lsn) as MemoryEntry;
    const { changeset, id, object } = envelope;
    const isOutside = kind !== "purge" && isOutsider(object);
    const isForeign = isOwn?.(envelope.actor) === false && bases?.has(id) !== true;
    if (isForeign || isOutside || (source !== null && source === skip)) {
      if (page.skip(lsn, () => stubLine(id, hash)) === "ends") break;
      continue;
    }
    if (page.isFull(changeset, bytes.length)) break;
    const isStub = bytes.length === 0;
    if (changeset !== null && !isStub && !page.has(changeset)) {
      page.addChangeset(changeset, Buffer.from(tables.changesets.get(changeset)?.text ?? ""));
    }
    page.add(lsn, isStub ? stubLine(id, hash) : bytes, kind === "purge" ? kind : "revision");
  }
  return page.build();
}

function isBy(actor: ActorId, only: InstanceId, except: readonly string[]): boolean {
  return instanceOf(actor) === only && !except.includes(epochOf(actor));
}

/** The ids of what the own revisions after a position build on, near and far. */
function basesOf(
  tables: MemoryTables,
  after: Lsn,
  isOwn: (actor: ActorId) => boolean,
): ReadonlySet<string> {
  const bases = new Set<string>();
  for (let lsn = tables.log.length; lsn > after; lsn--) {
    const entry = tables.entryAt(lsn) as MemoryEntry;
    const { kind, envelope, bytes } = entry;
    if (kind !== "revision" || bytes.length === 0) continue;
    if (!isOwn(envelope.actor) && !bases.has(envelope.id)) continue;
    for (const parent of recordOf(entry).parents) bases.add(parent);
  }
  return bases;
}

/** See `Store.positionOf`. */
export function positionIn(
  { log, lsnOf }: MemoryTables,
  since: { readonly id: string } | { readonly hlc: number },
): Lsn | undefined {
  if ("hlc" in since) {
    const first = log.find(({ envelope }) => envelope.hlc > since.hlc);
    return first === undefined ? log.length : first.lsn - 1;
  }
  const { id } = since;
  const last = log.findLast(({ envelope }) => envelope.changeset === id);
  return lsnOf.get(id as RevisionId) ?? last?.lsn;
}
