import type { AuthorCommand, AuthorOutcome } from "../log/author.ts";
import type { PolicyInForce } from "../log/reader.ts";
import type { ScopeState } from "../scope/evaluate-scope.ts";
import { type CommitListener, Commits } from "../store/commits.ts";
import type { EpochReason, MetPeer, RecoveryNote } from "../store/continuity.ts";
import type { StorePorts } from "../store/planning-store.ts";
import type { Identity, LinkRow, PeerName, RunRow, Settings, VerifyReport } from "../store/rows.ts";
import { SqliteStore } from "../store/sqlite/sqlite-store.ts";
import { WorkerStore } from "../store/sqlite/worker-store.ts";
import type {
  ApplyBatch,
  ApplyOutcome,
  DropOutcome,
  LeftNote,
  NarrowedNote,
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

  async #writer(isMuch: boolean): Promise<Store> {
    this.#calls += 1;
    if (this.#inline !== undefined && this.#threads === "on-demand") {
      if (isMuch || this.#calls > INLINE_CALLS_MAX) this.#leaveInline();
    }
    return this.#inline ?? (await this.#startedThread());
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

  async author(command: AuthorCommand): Promise<AuthorOutcome> {
    const writer = await this.#writer(command.changes.length > INLINE_CHANGES_MAX);
    return writer.author(command);
  }

  async apply(batch: ApplyBatch): Promise<ApplyOutcome> {
    const writer = await this.#writer(batch.bytes.length > INLINE_BATCH_BYTES_MAX);
    return writer.apply(batch);
  }

  async takePolicies(offer: PolicyOffer): Promise<PolicyOutcome> {
    return (await this.#writer(true)).takePolicies(offer);
  }

  async beginEpoch(reason: EpochReason): Promise<Identity> {
    return (await this.#writer(false)).beginEpoch(reason);
  }

  async becomeNew(name: string | null): Promise<Identity> {
    return (await this.#writer(false)).becomeNew(name);
  }

  async learnOwn(known: Parameters<Store["learnOwn"]>[0]): Promise<boolean> {
    return (await this.#writer(false)).learnOwn(known);
  }

  async meet(peer: MetPeer): Promise<void> {
    await (await this.#writer(false)).meet(peer);
  }

  async noteRecovery(note: RecoveryNote): Promise<void> {
    await (await this.#writer(false)).noteRecovery(note);
  }

  async retryQuarantined(keys: readonly string[]): Promise<ApplyOutcome> {
    return (await this.#writer(keys.length > INLINE_CHANGES_MAX)).retryQuarantined(keys);
  }

  async dropQuarantined(keys: readonly string[]): Promise<number> {
    return (await this.#writer(false)).dropQuarantined(keys);
  }

  async evaluateScope(scope: ScopeRef): Promise<ScopeState | undefined> {
    return (await this.#writer(false)).evaluateScope(scope);
  }

  async noteLeft(note: LeftNote | NarrowedNote): Promise<void> {
    await (await this.#writer(false)).noteLeft(note);
  }

  async dropLeft(where: Parameters<StoreWriter["dropLeft"]>[0]): Promise<DropOutcome> {
    return (await this.#writer(true)).dropLeft(where);
  }

  async changePolicy(change: PolicyChange): Promise<PolicyInForce> {
    return (await this.#writer(true)).changePolicy(change);
  }

  async saveSettings(settings: Settings): Promise<void> {
    return (await this.#writer(false)).saveSettings(settings);
  }

  async learnNames(names: readonly PeerName[]): Promise<void> {
    await (await this.#writer(false)).learnNames(names);
  }

  async saveLink(link: LinkRow): Promise<void> {
    await (await this.#writer(false)).saveLink(link);
  }

  async removeLink(name: string): Promise<void> {
    await (await this.#writer(false)).removeLink(name);
  }

  async saveRun(run: RunRow): Promise<void> {
    await (await this.#writer(false)).saveRun(run);
  }

  async verify(): Promise<VerifyReport> {
    return (await this.#writer(true)).verify();
  }

  async backup(file: string): Promise<void> {
    await (await this.#writer(true)).backup(file);
  }

  async close(): Promise<void> {
    this.#leaveInline();
    await (await this.#thread)?.close();
  }
}
