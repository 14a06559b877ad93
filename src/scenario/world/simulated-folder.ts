import type { Timers } from "../../base/ports/timers.ts";
import { type FileMark, type Sidecar, sidecarOf } from "../../instance/sidecar.ts";
import {
  checkContinuity,
  SidecarKeeper,
  type SidecarPlace,
} from "../../instance/sidecar-keeper.ts";
import type { SearchIndex } from "../../search/search-index.ts";
import { SqliteStore } from "../../store/sqlite/sqlite-store.ts";
import type { Copy, Durable, LocalStore } from "./durable.ts";
import type { Process } from "./process.ts";
import { IndexFile, indexOf, type SourcePlant } from "./simulated-index.ts";

/** A backup of an instance: its catalog, and what else a machine's snapshot would hold. */
export interface Backup {
  readonly content: Copy;
  readonly sidecar: Sidecar | undefined;
  readonly mark: FileMark;
  /** The search index, if there is one. */
  readonly index: string | undefined;
}

/**
 * How a backup is put back: by the product's `restore`; by copying the catalog's file, which the
 * sidecar beside it tells; or as the snapshot of a whole machine, of which only peers can know.
 */
export type SetBackHow = "restore" | "files" | "machine";

/** An instance's folder: the catalog, and beside it the sidecar and the search index, which are not synced to disk. */
export class SimulatedFolder implements SidecarPlace {
  readonly #content: Durable;
  #store: LocalStore;
  #sidecar: Sidecar | undefined;
  /** The sidecar before the last writing, which a power cut may bring back. */
  #sidecarBefore: Sidecar | undefined;
  /** Names its files: no two of a world are one. */
  readonly #name: string;
  #mark: FileMark;
  #files = 0;
  #keeper: SidecarKeeper | undefined;
  /** The file of the search index, where the product keeps one here. */
  readonly index: IndexFile | undefined;

  constructor(name: string, content: Durable, isIndexed: boolean) {
    const { folder } = content;
    this.index = isIndexed && folder !== undefined ? new IndexFile(folder) : undefined;
    this.#name = name;
    this.#mark = { file: `${name}/0`, changed: "" };
    this.#content = content;
    this.#store = content.open();
  }

  /** What is there, as it was opened last. */
  get store(): LocalStore {
    return this.#store;
  }

  /** Opens what is there without a look at the sidecar. */
  open(): LocalStore {
    this.#store = this.#content.open();
    return this.#store;
  }

  /**
   * Does what a process does at its start: asks, unless the catalog is new, whether it is what was
   * here last, and keeps the sidecar until the returned function is called.
   */
  begin(timers: Timers, isNew: boolean): () => void {
    if (!isNew) checkContinuity(this, this.#store);
    this.index?.begin();
    this.#keeper = new SidecarKeeper(this, this.#store, timers);
    return this.#store.subscribe(this.#keeper.committed);
  }

  /** The index that a process has from its start on. */
  indexIn(process: Process, plant: SourcePlant): SearchIndex | undefined {
    const log = this.#store;
    if (this.index === undefined || !(log instanceof SqliteStore)) return undefined;
    return indexOf(process, this.index.path, log, plant);
  }

  /** What of the search index is not as the log says, as far as it has come. */
  async indexFindings(): Promise<readonly string[]> {
    if (this.index === undefined || !(this.#store instanceof SqliteStore)) return [];
    const findings = await this.index.check(this.#store);
    return findings.map(({ where, message }) => `${where}: ${message}`);
  }

  /** Ends as a process does that is told to: the sidecar says all. */
  end(): void {
    this.#keeper?.look();
    this.#keeper?.close();
  }

  read(): Sidecar | undefined {
    return this.#sidecar;
  }

  write(sidecar: Sidecar): void {
    this.#sidecarBefore = this.#sidecar;
    this.#sidecar = sidecar;
  }

  mark(): FileMark {
    return this.#mark;
  }

  /** A power cut: what was not synced to disk is gone, or as it was before. */
  losePower(isGone: boolean): void {
    this.#sidecar = isGone ? undefined : this.#sidecarBefore;
    this.index?.losePower(isGone);
  }

  backUp(): Backup {
    const index = this.index?.copy();
    return { content: this.#content.copy(), sidecar: this.#sidecar, mark: this.#mark, index };
  }

  /** Puts a backup in the place of what is there, while nobody has that open. */
  putBack({ content, sidecar, mark, index }: Backup, how: SetBackHow): void {
    this.#content.replace(content);
    this.open();
    if (how === "machine") {
      [this.#sidecar, this.#mark] = [sidecar, mark];
      this.index?.replace(index);
    } else this.#newFile();
    if (how !== "restore") return;
    this.index?.replace(undefined);
    const identity = this.#store.beginEpoch("restore");
    this.write(sidecarOf({ identity, head: this.#store.head(), mark: this.#mark }, true));
  }

  /** Becomes a copy of another folder; of the whole machine around it, unless it was only copied. */
  takeOver(backup: Backup, isMachine: boolean): void {
    this.putBack(backup, "machine");
    if (!isMachine) this.#newFile();
  }

  /** All is lost; what is opened from now on is new. */
  wipe(): void {
    this.#content.replace(null);
    this.#sidecar = undefined;
    this.index?.replace(undefined);
    this.#newFile();
    this.open();
  }

  #newFile(): void {
    this.#files += 1;
    this.#mark = { file: `${this.#name}/${this.#files}`, changed: "" };
  }

  dispose(): void {
    this.#content.dispose();
  }
}
