import { SynclineError } from "../base/errors.ts";
import { isoToHlc } from "../base/hlc.ts";
import { isUuid, type Lsn } from "../base/ids.ts";
import {
  BATCH_BYTES_MAX,
  BATCH_REVISIONS_MAX,
  CHANGESET_BYTES_MAX,
  CHANGESET_REVISIONS_MAX,
  RECORD_BYTES_MAX,
} from "../base/limits.ts";
import type { ApplyOutcome } from "../store/store.ts";
import { LineSplitter } from "./importing/line-splitter.ts";
import type { Since } from "./instance.ts";
import type { InstanceParts } from "./parts.ts";

/** Changesets remembered, so that one whose revisions arrived apart is given out once. */
const CHANGESETS_REMEMBERED_MAX = 10_000;

/** The records since X, one line each without its ending, each changeset before its revisions. */
export async function* recordsSince(
  { store }: InstanceParts,
  since: Since | undefined,
): AsyncGenerator<string> {
  let after = since === undefined ? 0 : await positionSince({ store }, since);
  const given = new Set<string>();
  const limits = { revisions: BATCH_REVISIONS_MAX, bytes: BATCH_BYTES_MAX };
  for (;;) {
    const page = await store.readPage(after, limits);
    if (page === undefined) return;
    for (const line of Buffer.from(page.bytes).toString("utf8").split("\n")) {
      if (line === "") continue;
      if (isChangeset(line)) {
        if (given.has(line)) continue;
        if (given.size >= CHANGESETS_REMEMBERED_MAX) given.clear();
        given.add(line);
      }
      yield line;
    }
    after = page.to;
  }
}

/** The log position after which "since X" begins. Throws `REVISION_NOT_FOUND` and `USAGE`. */
export async function positionSince(
  { store }: Pick<InstanceParts, "store">,
  since: Since,
): Promise<Lsn> {
  if (typeof since === "number" || /^\d{1,15}$/.test(since)) {
    const lsn = Number(since);
    if (Number.isSafeInteger(lsn) && lsn >= 0) return lsn;
    throw unreadable(since);
  }
  const id = since.toLowerCase();
  if (isUuid(id)) {
    const lsn = await store.positionOf({ id });
    if (lsn !== undefined) return lsn;
    throw new SynclineError("REVISION_NOT_FOUND", `no revision or changeset ${since} here`, {
      where: since,
    });
  }
  const hlc = /^\d{4}-\d\d-\d\d/.test(since) ? isoToHlc(since) : undefined;
  if (hlc === undefined) throw unreadable(since);
  return (await store.positionOf({ hlc })) ?? 0;
}

function unreadable(since: Since): SynclineError {
  return new SynclineError("USAGE", `"since ${since}" cannot be read`, {
    hint: "give a revision id, a changeset id, a log position, or a time such as 2026-01-15T10:40Z",
  });
}

/**
 * Tells a changeset's canonical line from a revision's without parsing it: the actor comes first
 * in both and is 73 characters long, then a changeset names its author.
 */
function isChangeset(line: string): boolean {
  return line.startsWith('"author":', '{"actor":"",'.length + 73);
}

/**
 * Stores records from lines, in batches of bounded size that never split a changeset. Bad lines
 * are refused and counted, the rest goes on. When the input ends early, what came before is stored.
 * `objects` counts the distinct ones of each batch.
 */
export async function importRecords(
  parts: InstanceParts,
  input: AsyncIterable<Uint8Array>,
): Promise<ApplyOutcome> {
  const intake = new RecordIntake(parts.store, await parts.store.head());
  const lines = new LineSplitter(RECORD_BYTES_MAX);
  try {
    for await (const chunk of input) {
      for (const { bytes } of lines.push(chunk)) await intake.take(bytes);
    }
    for (const { bytes } of lines.end()) await intake.take(bytes);
  } finally {
    await intake.flush();
  }
  await parts.search.covers(intake.outcome.head.lsn).catch(() => undefined);
  return intake.outcome;
}

const NEWLINE = Buffer.from("\n");

/** Collects lines into batches and adds up what became of them. */
class RecordIntake {
  readonly #store: InstanceParts["store"];
  #lines: Buffer[] = [];
  #bytes = 0;
  outcome: ApplyOutcome;

  constructor(store: InstanceParts["store"], head: ApplyOutcome["head"]) {
    this.#store = store;
    const none = {
      changesets: 0,
      revisions: 0,
      objects: 0,
      purges: 0,
      duplicates: 0,
      discarded: 0,
      merged: 0,
      newConflicts: 0,
      removed: 0,
      restored: 0,
    };
    this.outcome = { ...none, refused: [], head };
  }

  async take(bytes: Uint8Array | null): Promise<void> {
    if (bytes === null) {
      const refused = [...this.outcome.refused, { id: null, code: "INPUT_TOO_LARGE" }];
      this.outcome = { ...this.outcome, refused };
      return;
    }
    // Copied: it may share the memory of the chunk it came in.
    const line = Buffer.from(bytes);
    const full = this.#bytes >= BATCH_BYTES_MAX || this.#lines.length >= BATCH_REVISIONS_MAX;
    const over =
      this.#bytes + line.length > CHANGESET_BYTES_MAX ||
      this.#lines.length > CHANGESET_REVISIONS_MAX + BATCH_REVISIONS_MAX;
    if ((full && isChangeset(line.toString("latin1", 0, 100))) || over) await this.flush();
    this.#lines.push(line);
    this.#bytes += line.length + 1;
  }

  async flush(): Promise<void> {
    const lines = this.#lines;
    this.#lines = [];
    this.#bytes = 0;
    if (lines.length === 0) return;
    const bytes = Buffer.concat(lines.flatMap((line) => [line, NEWLINE]));
    const batch = await this.#store.apply({ source: null, bytes, cursor: null });
    const sum = this.outcome;
    this.outcome = {
      changesets: sum.changesets + batch.changesets,
      revisions: sum.revisions + batch.revisions,
      objects: sum.objects + batch.objects,
      purges: sum.purges + batch.purges,
      duplicates: sum.duplicates + batch.duplicates,
      discarded: sum.discarded + batch.discarded,
      merged: sum.merged + batch.merged,
      newConflicts: sum.newConflicts + batch.newConflicts,
      removed: sum.removed + batch.removed,
      restored: sum.restored + batch.restored,
      refused: [...sum.refused, ...batch.refused],
      head: batch.head,
    };
  }
}
