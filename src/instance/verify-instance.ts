import { asSynclineError, isSynclineError } from "../base/errors.ts";
import type { ObjectId } from "../base/ids.ts";
import type { JsonObject } from "../base/json.ts";
import { references } from "../catalog/index.ts";
import type { StoreProgress } from "../store/rows.ts";
import type { VerifyResult } from "./instance.ts";
import type { InstanceParts } from "./parts.ts";

const PAGE_OBJECTS = 500;
const REMEMBERED_MAX = 100_000;
const NOTES_MAX = 100;

type Verified = Pick<InstanceParts, "store" | "search">;
type Note = VerifyResult["notes"][number];

/**
 * Checks everything that is stored: the log's hashes and chain, the state against the log, the
 * search index against the state. What cannot be checked for damage is a finding, and the rest is
 * checked all the same. References to objects that are not here are legal (they may have stayed at
 * another site), so they are only noted.
 */
export async function verifyInstance(
  { store, search }: Verified,
  onProgress?: (progress: StoreProgress) => void,
): Promise<VerifyResult> {
  const findings: Note[] = [];
  const attempt = async <T>(where: string, otherwise: T, check: () => Promise<T>): Promise<T> => {
    try {
      return await check();
    } catch (error) {
      if (isSynclineError(error, "CLOSED")) throw error;
      findings.push({ where, message: `cannot be checked: ${asSynclineError(error).message}` });
      return otherwise;
    }
  };
  const total = await attempt("log", 0, async () => (await store.head()).lsn);
  onProgress?.({ done: 0, total });
  const nothing = { revisions: 0, objects: 0, findings: [] };
  const report = await attempt("catalog", nothing, async () => store.verify());
  for (const { where, message } of report.findings) findings.push({ where, message });
  findings.push(...(await attempt("search index", [], async () => search.verify())));
  const notes: Note[] = [];
  await attempt("references", undefined, () => noteDangling(store, notes));
  onProgress?.({ done: total, total });
  const { revisions, objects } = report;
  return { ok: findings.length === 0, revisions, objects, findings, notes };
}

/** Notes references of live objects to what is not here, the first of them. */
async function noteDangling(store: Verified["store"], notes: Note[]): Promise<void> {
  const known = new Map<string, boolean>();
  let after: ObjectId | undefined;
  for (;;) {
    const page = await store.objects({
      limit: PAGE_OBJECTS,
      ...(after === undefined ? {} : { after }),
    });
    for (const row of page) {
      for (const { id, type } of references(row.type, JSON.parse(row.text) as JsonObject)) {
        if (known.size > REMEMBERED_MAX) known.clear();
        if (!known.has(id)) known.set(id, (await store.object(id as ObjectId)) !== undefined);
        if (known.get(id) === true) continue;
        const where = `${row.type}/${row.name ?? row.id}`;
        notes.push({ where, message: `refers to the ${type} ${id}, which is not here` });
        if (notes.length >= NOTES_MAX) return;
      }
    }
    after = page.at(-1)?.id;
    if (after === undefined) return;
  }
}
