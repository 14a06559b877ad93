import type { InstanceId } from "../../base/ids.ts";
import { APPLY_BYTES_MAX } from "../../base/limits.ts";
import type { QuarantineRow } from "../../store/rows.ts";
import type { ApplyOutcome, Store } from "../../store/store.ts";

/**
 * Tries again what is in quarantine from a peer, in the order it came, when packages of unmapped
 * organizations are among it. Returns what became of it, by batch.
 */
export async function retryRefused(
  store: Store,
  peer: InstanceId,
  door: ReadonlySet<string> | undefined,
): Promise<readonly { readonly tried: readonly string[]; readonly outcome: ApplyOutcome }[]> {
  const rows = (await store.quarantine()).filter(
    ({ source, bytes, code }) => source === peer && bytes.length > 0 && code !== "PURGE_REFUSED",
  );
  if (!rows.some(({ code }) => code === "ORGANIZATION_UNMAPPED")) return [];
  const outcomes: { tried: string[]; outcome: ApplyOutcome }[] = [];
  for (const part of parts(rows)) {
    const batch = {
      source: peer,
      bytes: Buffer.concat(part.flatMap((row) => [row.bytes, NEWLINE])),
      cursor: null,
    };
    const outcome = await store.apply(
      door === undefined ? batch : { ...batch, organizations: door },
    );
    outcomes.push({ tried: part.flatMap(({ id }) => (id === null ? [] : [id])), outcome });
  }
  return outcomes;
}

const NEWLINE = Buffer.from("\n");

function* parts(rows: readonly QuarantineRow[]): Generator<QuarantineRow[]> {
  let part: QuarantineRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (part.length > 0 && bytes + row.bytes.length > APPLY_BYTES_MAX) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(row);
    bytes += row.bytes.length;
  }
  if (part.length > 0) yield part;
}
