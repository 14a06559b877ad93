import type { ObjectId } from "../base/ids.ts";
import type { JsonObject } from "../base/json.ts";
import { references } from "../catalog/index.ts";
import type { StoreProgress } from "../store/rows.ts";
import type { VerifyResult } from "./instance.ts";
import type { InstanceParts } from "./parts.ts";

const PAGE_OBJECTS = 500;
const REMEMBERED_MAX = 100_000;
const NOTES_MAX = 100;

/**
 * Checks everything that is stored: the log's hashes and chain, the state against the log, the
 * search index against the state. References to objects that are not here are legal (they may
 * have stayed at another site), so they are only noted.
 */
export async function verifyInstance(
  parts: InstanceParts,
  onProgress?: (progress: StoreProgress) => void,
): Promise<VerifyResult> {
  const total = (await parts.store.counts()).revisions;
  onProgress?.({ done: 0, total });
  const report = await parts.store.verify();
  const search = await parts.search.verify();
  const findings = [...report.findings, ...search].map(({ where, message }) => ({
    where,
    message,
  }));
  const notes = await danglingReferences(parts);
  onProgress?.({ done: total, total });
  const { revisions, objects } = report;
  return { ok: findings.length === 0, revisions, objects, findings, notes };
}

/** References of live objects to what is not here, the first of them. */
async function danglingReferences({ store }: InstanceParts): Promise<VerifyResult["notes"]> {
  const notes: { where: string; message: string }[] = [];
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
        if (notes.length >= NOTES_MAX) return notes;
      }
    }
    after = page.at(-1)?.id;
    if (after === undefined) return notes;
  }
}
