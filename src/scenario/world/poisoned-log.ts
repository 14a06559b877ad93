import { SynclineError } from "../../base/errors.ts";
import { CHAIN_START, nextChain, sha256 } from "../../base/hash.ts";
import { type Lsn, type RevisionId, uuidBytes } from "../../base/ids.ts";
import { parseStub, stubLine } from "../../log/stub.ts";
import type { LogPage } from "../../store/rows.ts";
import type { Store } from "../../store/store.ts";

/** Makes another record of a revision's, of the same id, that nobody can take. */
export type Spoil = (line: string) => string;

/** Which record that is: the first revision from a position on. */
export interface Poison {
  readonly from: Lsn;
  readonly spoil: Spoil;
}

interface Chosen {
  readonly lsn: Lsn;
  readonly id: RevisionId;
  /** What it is read as. */
  readonly hash: Uint8Array;
}

/** As far as a log is read at once. */
const ALL = { revisions: 1_000, bytes: 10_000_000 };
const NEWLINE = "\n";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/**
 * A log of which one record is read as another one that is no good, as of a damaged or faulty source:
 * with the chain that such a log has, so that whoever receives it can tell by that record alone.
 */
export class PoisonedLog {
  readonly #store: Store;
  readonly #from: Lsn;
  readonly #spoil: Spoil;
  /** The record, once there is one at or after `from`. */
  #poison: Chosen | undefined;
  /** The chains of this log after the entries from the record on. */
  readonly #chains: Uint8Array[] = [];
  /** All of them that were ever told, by any such log of an instance. */
  readonly #told: Set<string>;

  constructor(store: Store, poison: Poison, told: Set<string>) {
    this.#store = store;
    this.#from = poison.from;
    this.#spoil = poison.spoil;
    this.#told = told;
  }

  /** The store, whose log is read like that. */
  get store(): Store {
    const methods: Partial<Store> = {
      head: async () => {
        const head = await this.#store.head();
        return { ...head, chain: await this.#chainAt(head.lsn, head.chain) };
      },
      chainAt: async (lsn) => {
        const chain = await this.#store.chainAt(lsn);
        return chain && (await this.#chainAt(lsn, chain));
      },
      readPage: async (after, limits) => {
        const page = await this.#store.readPage(after, limits);
        return page && (await this.#spoiled(page));
      },
    };
    return new Proxy(this.#store, {
      get(target, key) {
        const method = methods[key as keyof Store] ?? target[key as keyof Store];
        return method.bind(target);
      },
    });
  }

  async #spoiled(page: LogPage): Promise<LogPage> {
    const chain = await this.#chainAt(page.to, page.chain);
    const afterChain = page.afterChain && (await this.#chainAt(page.after, page.afterChain));
    const lines = linesOf(page.bytes).map((line) => {
      const { id } = entryOf(line) ?? {};
      if (this.#poison === undefined || id !== this.#poison.id) return line;
      const isStub = parseStub(Buffer.from(line)) !== undefined;
      return isStub ? String(stubLine(id, this.#poison.hash)) : this.#spoil(line);
    });
    const bytes = Buffer.from(lines.map((line) => line + NEWLINE).join(""));
    return { ...page, chain, bytes, ...(afterChain && { afterChain }) };
  }

  /** The chain at a position, where the log itself has `own`. */
  async #chainAt(lsn: Lsn, own: Uint8Array): Promise<Uint8Array> {
    this.#poison ??= await this.#choose();
    if (this.#poison === undefined || lsn < this.#poison.lsn) return own;
    const first = this.#poison.lsn;
    while (this.#chains.length <= lsn - first) await this.#follow(first + this.#chains.length - 1);
    return this.#chains[lsn - first] ?? own;
  }

  /** The first revision from some position on. */
  async #choose(): Promise<Chosen | undefined> {
    const { lsn: end } = await this.#store.head();
    for (let after = this.#from - 1; after < end; ) {
      const page = await this.#store.entries({ after, limit: 1 });
      const [entry] = page;
      if (entry === undefined) return undefined;
      if (entry.kind === "revision") {
        const hash = sha256(Buffer.from(this.#spoil(entry.text)));
        return { lsn: entry.lsn, id: entry.id, hash };
      }
      after = entry.lsn;
    }
    return undefined;
  }

  /** Follows the chain over a page of entries. */
  async #follow(after: Lsn): Promise<void> {
    const page = await this.#store.readPage(after, ALL);
    if (page?.after !== after) throw new SynclineError("INTERNAL", `no page after ${after}`);
    const before = await this.#store.chainAt(after);
    let chain: Uint8Array = this.#chains.at(-1) ?? before ?? CHAIN_START;
    for (const line of linesOf(page.bytes)) {
      const entry = entryOf(line);
      if (entry === undefined) continue;
      const poison = this.#poison;
      const hash = entry.id === poison?.id ? poison.hash : entry.hash;
      const next = nextChain(chain, uuidBytes(entry.id), hash);
      this.#chains.push(next);
      this.#told.add(hex(next));
      chain = next;
    }
  }
}

function linesOf(bytes: Uint8Array): string[] {
  return Buffer.from(bytes).toString().split(NEWLINE).slice(0, -1);
}

/** The entry that a line is; undefined for a changeset. */
function entryOf(line: string): { readonly id: RevisionId; readonly hash: Uint8Array } | undefined {
  const bytes = Buffer.from(line);
  const stub = parseStub(bytes);
  if (stub !== undefined) return stub;
  const { id, author } = JSON.parse(line) as { id: RevisionId; author?: string };
  return author === undefined ? { id, hash: sha256(bytes) } : undefined;
}
