// A log of anything, served page by page by somebody who never wrote an honest one.
import { nextChain, sha256 } from "../../src/base/hash.ts";
import { type Lsn, uuidBytes } from "../../src/base/ids.ts";
import { systemClock } from "../../src/base/ports/clock.ts";
import { systemRandom } from "../../src/base/ports/random.ts";
import type { ScopeState } from "../../src/scope/evaluate-scope.ts";
import { EVERYTHING_HASH } from "../../src/scope/scope.ts";
import { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { LogPage } from "../../src/store/rows.ts";
import type { Store } from "../../src/store/store.ts";
import { uuid } from "./case.ts";

/** A line of the log; without an id it has no position, as a changeset has none. */
export interface EvilEntry {
  readonly id?: string | undefined;
  readonly bytes: Uint8Array;
}

const PAGE_BYTES = 200 * 1024;
const NEWLINE = Buffer.from("\n");

/** A store that behaves as one in a session, whose log holds the given entries. */
export function evilStore(number: number, entries: readonly EvilEntry[]): Store {
  const identity = { instance: uuid(9000 + number) as never, name: "eve", epoch: uuid(8000) };
  const store = new MemoryStore({ identity, clock: systemClock, random: systemRandom });
  const pages = pagesOf(entries);
  const end = pages.at(-1);
  const evil: Partial<Store> = {
    head: () => ({ lsn: end?.to ?? 0, chain: end?.chain ?? new Uint8Array(16) }),
    // A log that begins as the victim's would be passed over up to there.
    chainAt: (lsn) => (lsn === 0 ? new Uint8Array(16) : undefined),
    readPage: (after) => pages.find((page) => page.after === after),
    evaluateScope: () => everything(end?.to ?? 0),
  };
  return new Proxy(store, {
    get: (target, name: keyof Store) => evil[name] ?? target[name].bind(target),
  });
}

/** Says of any scope that all up to the log's end is inside. */
export function everything(lsn: Lsn): ScopeState {
  const state = { hash: EVERYTHING_HASH, lsn, isCurrent: true, isNew: false, takesAll: true };
  return { ...state, round: 0, changed: 0, unknown: [] };
}

function pagesOf(entries: readonly EvilEntry[]): readonly LogPage[] {
  const pages: LogPage[] = [];
  let chain: Uint8Array = new Uint8Array(16);
  let [after, to, size]: [Lsn, Lsn, number] = [0, 0, 0];
  let parts: Uint8Array[] = [];
  const close = (): void => {
    const counts = { revisions: to - after, changesets: 0 };
    pages.push({ after, to, chain, ...counts, bytes: Buffer.concat(parts) });
    [after, size, parts] = [to, 0, []];
  };
  for (const { id, bytes } of entries) {
    if (size > PAGE_BYTES && to > after) close();
    parts.push(bytes, NEWLINE);
    size += bytes.length;
    if (id === undefined) continue;
    chain = nextChain(chain, uuidBytes(id), sha256(bytes));
    to += 1;
  }
  if (to > after) close();
  return pages;
}
