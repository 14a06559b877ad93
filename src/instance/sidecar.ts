import { isJsonObject, type JsonObject } from "../base/json.ts";
import type { LogHead } from "../log/reader.ts";
import type { Continuity, EpochReason } from "../store/continuity.ts";
import type { Identity } from "../store/rows.ts";

/**
 * What stands in a small file beside the catalog: what the catalog held when this program last
 * looked. It may trail the catalog, for it is written after commits and not at each; it never leads
 * it. A catalog that holds less, or another log, or is another file, was put there by other means.
 */
export interface Sidecar {
  readonly instance: string;
  readonly epoch: string;
  readonly lsn: number;
  /** The log's chain at `lsn`, hexadecimal. */
  readonly chain: string;
  /** See {@link FileMark}. */
  readonly file: string;
  /** The file's last change, once nobody writes any more; absent while somebody does. */
  readonly changed?: string;
}

/** What tells a file from a copy of it. */
export interface FileMark {
  /** Inode and time of birth: kept by renaming and by restarts, and by no way of copying. */
  readonly file: string;
  /** When anything of it was last changed; nobody can set that back, as the time of writing can. */
  readonly changed: string;
}

/** What is in a catalog, to be compared. */
export interface Held {
  readonly identity: Identity;
  readonly continuity: Continuity;
  readonly head: LogHead;
  readonly chainAt: (lsn: number) => Uint8Array | undefined;
  readonly mark: FileMark;
}

const VERSION = 1;

export function printSidecar(sidecar: Sidecar): string {
  return `${JSON.stringify({ v: VERSION, ...sidecar })}\n`;
}

/** Undefined for what is none. */
export function parseSidecar(text: string): Sidecar | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && isSidecar(value) ? (value as unknown as Sidecar) : undefined;
  } catch {
    return undefined;
  }
}

function isSidecar({ v, instance, epoch, lsn, chain, file, changed }: JsonObject): boolean {
  const texts = [instance, epoch, chain, file, changed ?? ""];
  return (
    v === VERSION && Number.isSafeInteger(lsn) && texts.every((one) => typeof one === "string")
  );
}

/** Why a catalog may not be the one that was written here last; undefined when it is that. */
export function doubtAbout(sidecar: Sidecar | undefined, held: Held): EpochReason | undefined {
  if (sidecar === undefined || sidecar.file !== held.mark.file) return "copy";
  const { changed = held.mark.changed, lsn } = sidecar;
  if (changed !== held.mark.changed) return "copy";
  const isKnown = [held.identity, ...held.continuity.former].some(
    ({ instance, epoch }) => instance === sidecar.instance && epoch === sidecar.epoch,
  );
  if (!isKnown || lsn > held.head.lsn) return "rollback";
  const chain = held.chainAt(lsn);
  const isSame = chain !== undefined && hex(chain) === sidecar.chain;
  return isSame ? undefined : "rollback";
}

/** What the sidecar of a catalog says. */
export function sidecarOf(
  { identity, head, mark }: Pick<Held, "identity" | "head" | "mark">,
  isClosed: boolean,
): Sidecar {
  return {
    instance: identity.instance,
    epoch: identity.epoch,
    lsn: head.lsn,
    chain: hex(head.chain),
    file: mark.file,
    ...(isClosed ? { changed: mark.changed } : {}),
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
