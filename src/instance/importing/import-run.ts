import type { ErrorCode } from "../../base/error-codes.ts";
import { asSynclineError, isSynclineError, SynclineError } from "../../base/errors.ts";
import {
  IMPORT_CHANGESET_CHANGES_MAX,
  IMPORT_LINE_BYTES_MAX,
  MESSAGE_CHARS_MAX,
} from "../../base/limits.ts";
import type { ReadObject, Types } from "../../catalog/index.ts";
import type { AuthorOutcome } from "../../log/author.ts";
import type { Store } from "../../store/store.ts";
import { authorInParts } from "../author-in-parts.ts";
import type { ImportOptions, ImportReport } from "../instance.ts";
import { changesFor, ImportGroup, type ImportItem, KnownObjects } from "./import-group.ts";
import type { Line } from "./line-splitter.ts";
import { readObject, refusalMessage } from "./read-object.ts";

/** Refused lines that a report lists; the rest are only counted. */
const REFUSED_LISTED_MAX = 10_000;

/** Errors that say something about the store or the command, not about one object. */
const FATAL: readonly ErrorCode[] = [
  "CLOSED",
  "DISK_FULL",
  "DURABILITY",
  "INSTANCE_BUSY",
  "INTERNAL",
  "NO_PERMISSION",
  "READ_ONLY",
  "STORE_CORRUPT",
  "STORE_IO",
  "USAGE",
];

/** One import under way: lines in, changesets out, and the count of what happened. */
export class ImportRun {
  readonly #store: Pick<Store, "author">;
  readonly #types: Types;
  readonly #options: ImportOptions;
  readonly #known = new KnownObjects();
  readonly #refused: ImportReport["refused"][number][] = [];
  readonly #counts = { lines: 0, bytes: 0, created: 0, changed: 0, unchanged: 0 };
  readonly #stored = { changesets: 0, revisions: 0 };
  #refusedTotal = 0;
  #group = new ImportGroup();
  /** The group that the store has at the moment, while the next one is being read. */
  #committing: Promise<void> = Promise.resolve();

  readonly #onRead: (read: ReadObject) => void;

  constructor(
    store: Pick<Store, "author">,
    types: Types,
    options: ImportOptions,
    onRead: (read: ReadObject) => void = () => {},
  ) {
    this.#onRead = onRead;
    this.#types = types;
    this.#store = store;
    this.#options = options;
  }

  /** Takes one line. Throws what ends the import: a bad line if strict, a fault of the store. */
  async line({ number, bytes }: Line): Promise<void> {
    this.#counts.lines += 1;
    this.#counts.bytes += (bytes?.length ?? IMPORT_LINE_BYTES_MAX) + 1;
    const item = this.#read(number, bytes);
    if (item === undefined) return;
    if (this.#group.isFullFor(item)) await this.flush();
    this.#group.add(item, this.#known);
  }

  #read(line: number, bytes: Uint8Array | null): ImportItem | undefined {
    try {
      if (bytes === null) throw lineTooLarge();
      const read = readObject(bytes, this.#options.type, this.#types);
      this.#onRead(read);
      return { line, bytes: bytes.length, read };
    } catch (error) {
      this.#refuse(line, error);
      return undefined;
    }
  }

  /** Hands the present group to the store once the one before is stored. */
  async flush(): Promise<void> {
    const { items } = this.#group;
    this.#group = new ImportGroup();
    await this.#committing;
    if (this.#options.signal?.aborted === true) {
      throw new SynclineError("INTERRUPTED", "stopped before the end");
    }
    if (items.length === 0) return;
    this.#committing = this.#commit(items);
    // Whoever waits for it next sees the error; until then it is no unhandled one.
    this.#committing.catch(() => {});
  }

  /** Waits until what was handed over is stored; what was not is dropped. */
  async settle(): Promise<void> {
    this.#group = new ImportGroup();
    await this.#committing;
  }

  async #commit(items: readonly ImportItem[]): Promise<void> {
    try {
      await this.#author(items);
    } catch (error) {
      if (!isSynclineError(error) || isSynclineError(error, ...FATAL)) throw error;
      if (this.#options.strict === true) throw this.#placed(lineOf(items, error), error);
      await this.#commitSingly(items);
    }
    this.#options.onProgress?.({ ...this.#counts });
  }

  /** After a failure of the whole: finds the lines that are to blame and keeps the others. */
  async #commitSingly(items: readonly ImportItem[]): Promise<void> {
    for (const item of items) {
      try {
        await this.#author([item]);
      } catch (error) {
        if (isSynclineError(error, ...FATAL)) throw error;
        this.#refuse(item.line, error);
      }
    }
  }

  /** One changeset, unless what is embedded is too much for it: then that is stored first. */
  async #author(items: readonly ImportItem[]): Promise<void> {
    const { author } = this.#options;
    const changes = changesFor(items, this.#known);
    const command = { author, message: this.#message(items), changes, isImport: true } as const;
    const written = new Set<string>();
    for await (const outcome of authorInParts(this.#store, command, IMPORT_CHANGESET_CHANGES_MAX)) {
      this.#count(outcome);
      for (const { object } of outcome.revisions) written.add(object);
    }
    for (const { read } of items) {
      for (const { id } of read.embedded) this.#known.add(id);
      if (!written.has(read.object.id)) this.#counts.unchanged += 1;
    }
  }

  #message(items: readonly ImportItem[]): string {
    const { message, file } = this.#options;
    const what = message ?? (file === undefined ? "import" : `import of ${file}`);
    const placed = `${what} (${items[0]?.line}–${items.at(-1)?.line})`;
    return placed.length > MESSAGE_CHARS_MAX ? what : placed;
  }

  #count({ changeset, revisions }: AuthorOutcome): void {
    if (changeset !== null) this.#stored.changesets += 1;
    this.#stored.revisions += revisions.length;
    for (const { created } of revisions) {
      if (created) this.#counts.created += 1;
      else this.#counts.changed += 1;
    }
  }

  #refuse(line: number, thrown: unknown): void {
    const error = asSynclineError(thrown);
    if (this.#options.strict === true) {
      this.#group = new ImportGroup();
      throw this.#placed(line, error);
    }
    this.#refusedTotal += 1;
    if (this.#refused.length >= REFUSED_LISTED_MAX) return;
    const file = this.#options.file ?? null;
    this.#refused.push({ file, line, code: error.code, message: refusalMessage(error) });
  }

  #placed(line: number, error: SynclineError): SynclineError {
    return new SynclineError(error.code, refusalMessage(error), {
      where: `${this.#options.file ?? "input"}:${line}`,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }

  report(): ImportReport {
    const refused = [...this.#refused];
    return { ...this.#counts, ...this.#stored, refused, refusedTotal: this.#refusedTotal };
  }
}

/** The line whose object an error of the store names; the first one if it names none. */
function lineOf(items: readonly ImportItem[], { where = "" }: SynclineError): number {
  const named = items.find(({ read: { object } }) => {
    return where.includes(object.id) || where.startsWith(`${object.type}/${object.content.name}`);
  });
  return (named ?? items[0])?.line ?? 0;
}

function lineTooLarge(): SynclineError {
  return new SynclineError(
    "INPUT_TOO_LARGE",
    `the line is longer than ${IMPORT_LINE_BYTES_MAX} bytes`,
    { hint: "is it one object per line?" },
  );
}
