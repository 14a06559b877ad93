import type { AuthorCommand, AuthorOutcome } from "../log/author.ts";
import type { PolicyInForce } from "../log/reader.ts";
import type { ScopeState } from "../scope/evaluate-scope.ts";
import { type CommitListener, Commits } from "../store/commits.ts";
import type { EpochReason, MetPeer, RecoveryNote } from "../store/continuity.ts";
import type { LeftNote, NarrowedNote } from "../store/leaving.ts";
import type { StorePorts } from "../store/plan-tables.ts";
import type { Identity, LinkRow, PeerName, RunRow, Settings, VerifyReport } from "../store/rows.ts";
import { SqliteStore } from "../store/sqlite/sqlite-store.ts";
import { WorkerStore } from "../store/sqlite/worker-store.ts";
import type {
  ApplyBatch,
  ApplyOutcome,
  DropOutcome,
  PolicyChange,
  PolicyOffer,
  PolicyOutcome,
  ScopeRef,
  Store,
} from "../store/store.ts";
import type { StoreWriter } from "./joined-store.ts";
import type { ThreadUse } from "./open-options.ts";

/** What is little enough to be done on the calling thread, where it takes a few milliseconds. */
const INLINE_CALLS_MAX = 8;
const INLINE_CHANGES_MAX = 20;
const INLINE_BATCH_BYTES_MAX = 64 * 1024;

/**
 * The writing connection of an open instance. A process that makes one edit does so on its own
 * thread, since starting another takes longer; one that goes on, or does a lot, gets a thread for
 * all its writing, so that its readers are not held up.
 */
export class CatalogWriter implements StoreWriter {
  readonly #file: string;
  readonly #clock: StorePorts["clock"];
  readonly #threads: ThreadUse;
  #inline: SqliteStore | undefined;
  #thread: Promise<Store> | undefined;
  #calls = 0;
  readonly #commits = new Commits();

  /** `begin` is done first of all. Throws what `SqliteStore.open` throws. */
  constructor(
    file: string,
    ports: StorePorts,
    threads: ThreadUse,
    begin: (store: SqliteStore) => void,
  ) {
    this.#file = file;
    this.#clock = ports.clock;
    this.#threads = threads;
    // Opened here in any case, so that what is wrong with the file is said at once.
    this.#inline = SqliteStore.open(file, { mode: "write", ...ports });
    try {
      begin(this.#inline);
    } catch (error) {
      this.#leaveInline();
      throw error;
    }
    this.#inline.subscribe((commit) => this.#commits.tell(commit));
    if (threads !== "from-start") return;
    this.#leaveInline();
    void this.#startedThread();
  }

  /**
   * Makes a call where it belongs. On this thread it is made at once, with nothing awaited before
   * it: another call that leaves for the thread closes the store that is written here, and must
   * find nobody who was given that store and has yet to use it.
   */
  async #on<T>(isMuch: boolean, call: (store: Store) => T): Promise<Awaited<T>> {
    this.#calls += 1;
    if (this.#inline !== undefined && this.#threads === "on-demand") {
      if (isMuch || this.#calls > INLINE_CALLS_MAX) this.#leaveInline();
    }
    return await call(this.#inline ?? (await this.#startedThread()));
  }

  #leaveInline(): void {
    this.#inline?.close();
    this.#inline = undefined;
  }

  #startedThread(): Promise<Store> {
    if (this.#thread === undefined) {
      this.#thread = this.#openThread();
      // After a failure the next call tries again.
      this.#thread.catch(() => {
        this.#thread = undefined;
      });
    }
    return this.#thread;
  }

  async #openThread(): Promise<Store> {
    const store = await WorkerStore.open(this.#file, this.#clock);
    store.subscribe((commit) => this.#commits.tell(commit));
    return store;
  }

  subscribe(listener: CommitListener): () => void {
    return this.#commits.subscribe(listener);
  }

  author(command: AuthorCommand): Promise<AuthorOutcome> {
    const isMuch = command.changes.length > INLINE_CHANGES_MAX;
    return this.#on(isMuch, (store) => store.author(command));
  }

  apply(batch: ApplyBatch): Promise<ApplyOutcome> {
    const isMuch = batch.bytes.length > INLINE_BATCH_BYTES_MAX;
    return this.#on(isMuch, (store) => store.apply(batch));
  }

  takePolicies(offer: PolicyOffer): Promise<PolicyOutcome> {
    return this.#on(true, (store) => store.takePolicies(offer));
  }

  beginEpoch(reason: EpochReason): Promise<Identity> {
    return this.#on(false, (store) => store.beginEpoch(reason));
  }

  becomeNew(name: string | null): Promise<Identity> {
    return this.#on(false, (store) => store.becomeNew(name));
  }

  learnOwn(known: Parameters<Store["learnOwn"]>[0]): Promise<boolean> {
    return this.#on(false, (store) => store.learnOwn(known));
  }

  meet(peer: MetPeer): Promise<void> {
    return this.#on(false, (store) => store.meet(peer));
  }

  noteRecovery(note: RecoveryNote): Promise<void> {
    return this.#on(false, (store) => store.noteRecovery(note));
  }

  retryQuarantined(keys: readonly string[]): Promise<ApplyOutcome> {
    const isMuch = keys.length > INLINE_CHANGES_MAX;
    return this.#on(isMuch, (store) => store.retryQuarantined(keys));
  }

  dropQuarantined(keys: readonly string[]): Promise<number> {
    return this.#on(false, (store) => store.dropQuarantined(keys));
  }

  evaluateScope(scope: ScopeRef): Promise<ScopeState | undefined> {
    return this.#on(false, (store) => store.evaluateScope(scope));
  }

  noteLeft(note: LeftNote | NarrowedNote): Promise<void> {
    return this.#on(false, (store) => store.noteLeft(note));
  }

  dropLeft(where: Parameters<StoreWriter["dropLeft"]>[0]): Promise<DropOutcome> {
    return this.#on(true, (store) => store.dropLeft(where));
  }

  changePolicy(change: PolicyChange): Promise<PolicyInForce> {
    return this.#on(true, (store) => store.changePolicy(change));
  }

  saveSettings(settings: Settings): Promise<void> {
    return this.#on(false, (store) => store.saveSettings(settings));
  }

  learnNames(names: readonly PeerName[]): Promise<void> {
    return this.#on(false, (store) => store.learnNames(names));
  }

  saveLink(link: LinkRow): Promise<void> {
    return this.#on(false, (store) => store.saveLink(link));
  }

  removeLink(name: string): Promise<void> {
    return this.#on(false, (store) => store.removeLink(name));
  }

  saveRun(run: RunRow): Promise<void> {
    return this.#on(false, (store) => store.saveRun(run));
  }

  verify(): Promise<VerifyReport> {
    return this.#on(true, (store) => store.verify());
  }

  backup(file: string): Promise<void> {
    return this.#on(true, (store) => store.backup(file));
  }

  async close(): Promise<void> {
    this.#leaveInline();
    await (await this.#thread)?.close();
  }
}
