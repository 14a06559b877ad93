import type { InstanceId } from "../../base/ids.ts";
import { RUN_SAVED_EVERY_MS } from "../../base/limits.ts";
import type { Timers } from "../../base/ports/timers.ts";
import type { SessionResult } from "../session/result.ts";

/** Makes a session stay, and hears how it goes. */
export interface LiveHooks {
  /** The peer agreed. `soFar` says what the session has done, whenever it is asked. */
  readonly onLive?: (peer: InstanceId, soFar: () => SessionResult) => void;
  /** It has carried everything there was; again each time that it has again. */
  readonly onInStep?: () => void;
}

/**
 * Saves how far a live session has come while it goes on: when everything was carried for the first
 * time, then once a minute if anything was carried since. A process that dies leaves that behind.
 */
export class LiveSaver {
  readonly #timers: Timers;
  readonly #save: (soFar: SessionResult) => Promise<void>;
  readonly #soFar: () => SessionResult;
  #saved: string | undefined;
  #saving: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;
  #isOver = false;

  constructor(
    timers: Timers,
    soFar: () => SessionResult,
    save: (soFar: SessionResult) => Promise<void>,
  ) {
    this.#timers = timers;
    this.#soFar = soFar;
    this.#save = save;
  }

  onInStep(): void {
    if (this.#cancel === undefined) this.#saveAndWait();
  }

  /** After this nothing more is saved, and what was being saved is. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#cancel?.();
    await this.#saving;
  }

  #saveAndWait(): void {
    if (this.#isOver) return;
    this.#saveIfNew();
    this.#cancel = this.#timers.after(RUN_SAVED_EVERY_MS, () => this.#saveAndWait());
  }

  #saveIfNew(): void {
    const soFar = this.#soFar();
    const { received, sent, confirmed, cursor, policy } = soFar;
    const now = JSON.stringify([received, sent, confirmed, cursor, policy]);
    if (now === this.#saved) return;
    this.#saved = now;
    // A store that cannot take this says so when the run is saved at its end.
    this.#saving = this.#saving.then(() => this.#save(soFar)).catch(() => undefined);
  }
}
