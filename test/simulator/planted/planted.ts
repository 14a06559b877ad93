import Database from "better-sqlite3";
import { sha256 } from "../../../src/base/hash.ts";
import type { ChangesetId, ObjectId, RevisionId } from "../../../src/base/ids.ts";
import { PAGE_ITEMS_MAX } from "../../../src/base/limits.ts";
import type { AuthorOutcome } from "../../../src/log/author.ts";
import { stubLine } from "../../../src/log/stub.ts";
import type { Planted } from "../../../src/scenario/world/simulated-instance.ts";
import type { EntryRow, ObjectRow } from "../../../src/store/rows.ts";
import { sealMeta } from "../../../src/store/sqlite/meta.ts";
import type { ApplyBatch, ApplyOutcome, Store } from "../../../src/store/store.ts";

/** A store whose other methods are those of `store`. */
export function withMethods(store: Store, methods: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, key) {
      const method = methods[key as keyof Store] ?? target[key as keyof Store];
      return method.bind(target);
    },
  });
}

const NOTHING = new Uint8Array(0);

/** A batch that moves the cursor and brings nothing. */
export function cursorOnly(batch: ApplyBatch): ApplyBatch {
  const { cursor } = batch;
  return { ...batch, bytes: NOTHING, cursor: cursor && { ...cursor, after: cursor.rung } };
}

/** What a store would answer that does not know yet what it will store. */
function guessed(head: ApplyOutcome["head"]): ApplyOutcome {
  const counts = {
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
  return { ...counts, refused: [], head };
}

/** The cursor is committed before the records that it covers. */
export const cursorBeforeData: Planted = {
  port: (store) =>
    withMethods(store, {
      async apply(batch: ApplyBatch) {
        await store.apply(cursorOnly(batch));
        return await store.apply({ ...batch, cursor: null });
      },
    }),
};

/** The answer comes before the commit, so that an ACK says more than is durable. */
export const ackBeforeCommit: Planted = {
  port: (store) =>
    withMethods(store, {
      async apply(batch: ApplyBatch) {
        const head = await store.head();
        Promise.resolve(store.apply(batch)).catch(() => {});
        return guessed(head);
      },
    }),
};

/**
 * Batches wait in memory for the next one, and the cursor of the next one covers both: what waits
 * when the connection breaks is lost.
 */
export const batchLostOnCut: Planted = {
  port(store) {
    let held: ApplyBatch | undefined;
    return withMethods(store, {
      async apply(batch: ApplyBatch) {
        const before = held;
        held = { ...batch, cursor: null };
        const outcome = await store.apply({ ...held, bytes: before?.bytes ?? NOTHING });
        await store.apply(cursorOnly(batch));
        return outcome;
      },
      async objectsReceived(peer, within) {
        if (held !== undefined) await store.apply(held);
        held = undefined;
        return await store.objectsReceived(peer, within);
      },
    });
  },
};

/** A commit that fails is told as one that went well. */
export const refusedIsStored: Planted = {
  port: (store) =>
    withMethods(store, {
      async apply(batch: ApplyBatch) {
        try {
          return await store.apply(batch);
        } catch {
          return guessed(await store.head());
        }
      },
    }),
};

/** What arrives a second time is stored a second time. */
export const appliedTwice: Planted = {
  durable(store) {
    const again: EntryRow[] = [];
    return withMethods(store, {
      async apply(batch: ApplyBatch) {
        for (const line of Buffer.from(batch.bytes).toString().split("\n")) {
          const id = /^\{.*"id":"([^"]*)"/.exec(line)?.[1];
          const known = id === undefined ? undefined : await store.entry(id as RevisionId);
          if (known !== undefined) again.push(known);
        }
        return await store.apply(batch);
      },
      async entries(filter) {
        const rows = await store.entries(filter);
        const { lsn } = await store.head();
        const doubles = again.map((row, index) => ({ ...row, lsn: lsn + 1 + index }));
        return [...rows, ...doubles.filter((row) => row.lsn > (filter.after ?? 0))];
      },
    });
  },
};

/** A source says that it has sent everything when it has not. */
export const caughtUpTooEarly: Planted = {
  port: (store) =>
    withMethods(store, {
      async readPage(after, limits) {
        const { lsn } = await store.head();
        return lsn - after < 4 && after > 0 ? undefined : await store.readPage(after, limits);
      },
    }),
};

/** Every seventh change is acknowledged and forgotten. */
export const editForgotten: Planted = {
  port(store) {
    let edits = 0;
    return withMethods(store, {
      async author(command): Promise<AuthorOutcome> {
        edits += 1;
        if (edits % 7 !== 0) return await store.author(command);
        const id = "01946967-dc0a-7000-8000-012e76bf0b0a";
        const revision = {
          id: id as RevisionId,
          object: id as ObjectId,
          type: "tag",
          created: true,
        };
        return { changeset: id as ChangesetId, revisions: [revision], unchanged: 0 };
      },
    });
  },
};

/** Of concurrent edits, those that came here last stand, so that each instance has its own view. */
export const mergedByArrival: Planted = {
  durable(store) {
    const arrived = async (id: RevisionId): Promise<number> => (await store.entry(id))?.lsn ?? 0;
    const lastOf = async (heads: readonly RevisionId[]): Promise<RevisionId> => {
      const arrivals = await Promise.all(heads.map(arrived));
      return heads[arrivals.indexOf(Math.max(...arrivals))] as RevisionId;
    };
    return withMethods(store, {
      async objects(filter) {
        const rows = await store.objects(filter);
        return await Promise.all(
          rows.map(async (row) => {
            if (row.heads.length === 1) return row;
            return { ...row, text: await store.contentTextAt(await lastOf(row.heads)) };
          }),
        );
      },
    });
  },
};

/** Every conflict is said to be decided by another rule than it was, everywhere alike. */
export const ruleMisstated: Planted = {
  durable: (store) =>
    withMethods(store, {
      conflicts: async (filter) =>
        (await store.conflicts(filter)).map((conflict) => ({ ...conflict, rule: "oldest" })),
    }),
};

/** A process that starts does not know how far the clock had come. */
export const clockForgotten: Planted = {
  file(path) {
    const db = new Database(path);
    db.exec("UPDATE meta SET value = 0 WHERE key = 'hlc'");
    sealMeta(db);
    db.close();
  },
};

/** Cursors are not found again, so that every run carries everything. */
export const cursorForgotten: Planted = {
  port: (store) => withMethods(store, { cursor: async () => undefined }),
};

/** Who came first here has the plain name, so that each instance names objects in its own way. */
export const namedByArrival: Planted = {
  durable: (store) =>
    withMethods(store, {
      async objects(filter) {
        const rows = await store.objects(filter);
        const taken = new Set<string>();
        const named = new Map<ObjectId, string>();
        for (const { id, type, name, deleted } of rows.toSorted((a, b) => a.lsn - b.lsn)) {
          if (name === null || deleted) continue;
          const key = `${type} ${name.normalize("NFC")}`;
          named.set(id, taken.has(key) ? `${name}--${id}` : name);
          taken.add(key);
        }
        return rows.map((row) => ({ ...row, effectiveName: named.get(row.id) ?? null }));
      },
    }),
};

/** Purges that came from elsewhere are not passed on: a stub stands for each of them. */
export const purgesNotRelayed: Planted = {
  port: (store) =>
    withMethods(store, {
      purges: async () => [],
      async readPage(after, limits) {
        const page = await store.readPage(after, limits);
        if (page === undefined) return undefined;
        const lines = Buffer.from(page.bytes)
          .toString()
          .split(/(?<=\n)/)
          .filter(Boolean);
        const bytes = await Promise.all(lines.map((line) => stubIfForeignPurge(store, line)));
        return { ...page, bytes: Buffer.concat(bytes) };
      },
    }),
};

async function stubIfForeignPurge(store: Store, line: string): Promise<Uint8Array> {
  const record = JSON.parse(line) as { readonly id?: RevisionId; readonly reason?: string };
  const bytes = Buffer.from(line);
  if (record.id === undefined || record.reason === undefined) return bytes;
  if ((await store.entry(record.id))?.source === null) return bytes;
  return Buffer.concat([stubLine(record.id, sha256(bytes.subarray(0, -1))), Buffer.from("\n")]);
}

/** What a peer sends after a purge brings the object back to readers. */
export const purgedComesBack: Planted = {
  durable(store) {
    const gone = new Map<ObjectId, ObjectRow>();
    let isEchoed = false;
    const all = { includeDeleted: true, limit: PAGE_ITEMS_MAX };
    return withMethods(store, {
      async apply(batch: ApplyBatch) {
        const before = await store.objects(all);
        const outcome = await store.apply(batch);
        if (gone.size > 0 && outcome.revisions > 0) isEchoed = true;
        for (const row of before) {
          if ((await store.object(row.id)) === undefined) gone.set(row.id, row);
        }
        return outcome;
      },
      async objects(filter) {
        return [...(await store.objects(filter)), ...(isEchoed ? gone.values() : [])];
      },
    });
  },
};
