import type { ErrorCode } from "../base/error-codes.ts";
import { SynclineError } from "../base/errors.ts";
import { type InstanceId, isUuid } from "../base/ids.ts";
import { parseJson } from "../base/ingress/parse-json.ts";
import { isJsonObject, type Json } from "../base/json.ts";
import { RECORD_BYTES_MAX } from "../base/limits.ts";
import type { QuarantineRow } from "../store/rows.ts";
import type { Instance } from "./instance.ts";
import type { InstanceParts } from "./parts.ts";

/** A record in quarantine, as `quarantine list --json` prints it. */
export interface QuarantineItem {
  /** SHA-256 of its bytes. */
  readonly key: string;
  /** Its id and what it is about, as far as that can be read. */
  readonly id: string | null;
  readonly kind: "revision" | "changeset" | "purge" | null;
  readonly object: string | null;
  readonly type: string | null;
  /** Why it was refused: a code that is stable, and what that means here. */
  readonly code: string;
  readonly message: string;
  /** The revision or changeset that it waits for. */
  readonly waitsFor: string | null;
  /** Whom it came from; null for a file. */
  readonly peer: { readonly id: string; readonly name: string | null } | null;
  /** ISO 8601. */
  readonly received: string;
  /** 0 when there was no room to keep them. */
  readonly bytes: number;
}

export interface QuarantineView extends QuarantineItem {
  /** The record as it came; null when it was not kept. */
  readonly record: string | null;
}

/** What is refused, the oldest first. */
export interface QuarantinePage {
  readonly items: readonly QuarantineItem[];
  /** Those of which only who and why is known, because the quarantine was full. */
  readonly unkept: number;
}

/** What a retry came to. */
export interface RetryReport {
  readonly tried: number;
  /** Those that were not kept: whom they came from sends them again with the next sync. */
  readonly asked: number;
  /** What left the quarantine, with what waited for it. */
  readonly stored: number;
  /** What was tried and is refused still. */
  readonly refused: readonly QuarantineItem[];
}

/** Few enough for one transaction. */
const RETRY_AT_ONCE = 200;
const KEY_CHARS_MIN = 8;
const REFUSED_PURGE: ErrorCode = "PURGE_REFUSED";

/** The calls of an open instance that are about its quarantine. */
export function quarantineCalls(
  parts: InstanceParts,
): Pick<Instance, "quarantine" | "quarantined" | "retryQuarantined" | "dropQuarantined"> {
  return {
    quarantine: () => listQuarantine(parts),
    quarantined: (key) => getQuarantined(parts, key),
    retryQuarantined: (keys) => retryQuarantined(parts, keys),
    dropQuarantined: (keys) => dropQuarantined(parts, keys),
  };
}

async function listQuarantine(parts: InstanceParts): Promise<QuarantinePage> {
  const items = await itemsOf(parts, await parts.store.quarantine());
  return { items, unkept: items.filter(({ bytes }) => bytes === 0).length };
}

/** By its key, the first 8 or more digits of one, or the record's id. Throws `QUARANTINE_NOT_FOUND`. */
async function getQuarantined(parts: InstanceParts, given: string): Promise<QuarantineView> {
  const [row] = await named(parts, [given]);
  const [item] = await itemsOf(parts, [row as QuarantineRow]);
  const { bytes } = row as QuarantineRow;
  return {
    ...(item as QuarantineItem),
    record: bytes.length === 0 ? null : Buffer.from(bytes).toString(),
  };
}

/** Carries out the purges of a peer that were refused. */
export async function takeRefusedPurges(parts: InstanceParts, peer: InstanceId): Promise<void> {
  const rows = (await parts.store.quarantine()).filter(
    ({ source, code }) => source === peer && code === REFUSED_PURGE,
  );
  await retry(parts, rows);
}

/**
 * Tries some records again, or all but refused purges, which wait for somebody's word. What a link
 * does not take for its organization is for the runs of that link, which map it: it stays refused.
 */
async function retryQuarantined(
  parts: InstanceParts,
  given: readonly string[] | "all",
): Promise<RetryReport> {
  const { store } = parts;
  const before = await store.quarantine();
  const all = before.filter(({ code }) => code !== REFUSED_PURGE);
  const tried = given === "all" ? all : await named(parts, given);
  await retry(
    parts,
    tried.filter((row) => !isUnmapped(row)),
  );
  const after = await store.quarantine();
  const keys = new Set(tried.map(({ key }) => key));
  const refused = after.filter(({ key }) => keys.has(key));
  const there = new Set(after.map(({ key }) => key));
  const asked = before.filter((row) => isUnkept(row) && !there.has(row.key)).length;
  const stored = before.length - after.length - asked;
  const kept = tried.filter((row) => !isUnkept(row));
  return { tried: kept.length, asked, stored, refused: await itemsOf(parts, refused) };
}

/** Tries those that were kept, and has the others sent again. */
async function retry(
  { store, search }: InstanceParts,
  rows: readonly QuarantineRow[],
): Promise<void> {
  const keys = rows.map(({ key }) => key);
  for (let at = 0; at < keys.length; at += RETRY_AT_ONCE) {
    await store.retryQuarantined(keys.slice(at, at + RETRY_AT_ONCE));
  }
  const { lsn } = await store.head();
  await search.covers(lsn).catch(() => undefined);
}

function isUnkept({ bytes }: QuarantineRow): boolean {
  return bytes.length === 0;
}

function isUnmapped({ code }: QuarantineRow): boolean {
  return code === "ORGANIZATION_UNMAPPED";
}

/** Forgets some records, or all; returns how many. */
async function dropQuarantined(
  parts: InstanceParts,
  given: readonly string[] | "all",
): Promise<number> {
  const rows = given === "all" ? await parts.store.quarantine() : await named(parts, given);
  return parts.store.dropQuarantined(rows.map(({ key }) => key));
}

async function named(
  { store }: InstanceParts,
  given: readonly string[],
): Promise<readonly QuarantineRow[]> {
  const rows = await store.quarantine();
  const found = given.flatMap((wanted) => {
    const fitting = rows.filter((row) => goesBy(row, wanted.toLowerCase()));
    if (fitting.length === 0) throw notFound(wanted);
    if (fitting.length === 1 || isUuid(wanted.toLowerCase())) return fitting;
    throw new SynclineError("USAGE", `several records in quarantine begin with "${wanted}"`, {
      where: wanted,
      hint: `give more of one: ${fitting
        .map(({ key }) => key)
        .slice(0, 5)
        .join(", ")}`,
    });
  });
  return [...new Set(found)];
}

/** Several records may come under one id. */
function goesBy({ key, id }: QuarantineRow, wanted: string): boolean {
  if (id === wanted) return true;
  return wanted.length >= KEY_CHARS_MIN && key.startsWith(wanted);
}

function notFound(wanted: string): SynclineError {
  return new SynclineError("QUARANTINE_NOT_FOUND", `no record "${wanted}" in quarantine`, {
    where: wanted,
    hint: `give a key, or the first ${KEY_CHARS_MIN} digits of one: syncline quarantine list`,
  });
}

async function itemsOf(
  { store }: InstanceParts,
  rows: readonly QuarantineRow[],
): Promise<QuarantineItem[]> {
  const links = await store.links();
  const names = new Map(links.map(({ peer, peerName, name }) => [peer, peerName ?? name]));
  return rows.map(({ key, id, code, message, waitsFor, source, received, bytes }) => ({
    ...{ key, id },
    ...about(bytes),
    ...{ code, message, waitsFor },
    peer: source === null ? null : { id: source, name: names.get(source) ?? null },
    received,
    bytes: bytes.length,
  }));
}

/** What a refused record says of itself, which may be anything. */
function about(bytes: Uint8Array): Pick<QuarantineItem, "kind" | "object" | "type"> {
  const record = readable(bytes);
  if (!isJsonObject(record)) return { kind: null, object: null, type: null };
  const text = (value: Json | undefined): string | null =>
    typeof value === "string" ? value : null;
  const kind =
    record.patch !== undefined ? "revision" : record.reason !== undefined ? "purge" : "changeset";
  const isNone = kind === "changeset" && record.author === undefined;
  return { kind: isNone ? null : kind, object: text(record.object), type: text(record.type) };
}

function readable(bytes: Uint8Array): Json {
  try {
    return parseJson(bytes, { bytesMax: RECORD_BYTES_MAX });
  } catch {
    return null;
  }
}
