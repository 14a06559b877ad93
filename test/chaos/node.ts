import { rmSync } from "node:fs";
import { openInstance, restoreInstance } from "../../src/index.ts";
import type { Prng } from "../../src/scenario/random/prng.ts";
import { ServedFolder } from "../../src/scenario/real/served-folder.ts";
import { openRemoteWriter } from "../../src/server/client/open-remote-writer.ts";
import type { Writer } from "../../src/server/writer.ts";
import { syncline } from "../e2e/syncline.ts";

/** A revision that somebody was told is stored. */
export interface Acknowledged {
  readonly revision: string;
  readonly object: string;
}

const PACKAGES = 40;
const PAUSE_MS_MAX = 30;

/** A served folder that is killed and started again, and somebody who edits there all the time. */
export class ChaosNode {
  readonly name: string;
  readonly folder: string;
  readonly port: number;
  readonly acknowledged: Acknowledged[] = [];
  readonly #random: Prng;
  #server: ServedFolder | undefined;
  /** Its latest backup that was not restored yet. */
  #backup: string | undefined;
  #writer: Writer | undefined;
  #isEditing = false;
  #editing: Promise<void> = Promise.resolve();
  #edits = 0;

  constructor(name: string, folder: string, port: number, random: Prng) {
    this.name = name;
    this.folder = folder;
    this.port = port;
    this.#random = random;
  }

  async start(): Promise<void> {
    this.#server = await ServedFolder.start(this.folder, { port: this.port });
  }

  /** kill -9, and waits until the process is gone. */
  async kill(): Promise<void> {
    await this.#server?.kill();
    this.#server = undefined;
    await this.#forget();
  }

  /** SIGTERM; the exit code. */
  async stop(): Promise<number | null | undefined> {
    await this.#forget();
    const code = await this.#server?.stop();
    this.#server = undefined;
    return code;
  }

  /** The process that serves it, while it is up. */
  get server(): ServedFolder | undefined {
    return this.#server;
  }

  /** An online backup, unless there is one. */
  async backUp(): Promise<void> {
    if (this.#backup !== undefined) return;
    const file = `${this.folder}-backup.db`;
    await syncline(["-C", this.folder, "backup", file]);
    this.#backup = file;
  }

  /** Takes the folder back to its backup, while nobody serves it. */
  async setBack(): Promise<void> {
    const file = this.#backup ?? "";
    this.#backup = undefined;
    await restoreInstance(file, this.folder, { force: true });
    rmSync(file);
  }

  /** A writer behind the served folder; undefined while nobody serves it. */
  async writer(): Promise<Writer | undefined> {
    try {
      this.#writer ??= await openRemoteWriter(this.folder);
    } catch {
      // It is stopped, or just dies: the next attempt may find it again.
    }
    return this.#writer;
  }

  async #forget(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    await writer?.close().catch(() => {});
  }

  /** Edits one after the other until {@link endEditing}. */
  beginEditing(): void {
    this.#isEditing = true;
    this.#editing = (async () => {
      while (this.#isEditing) {
        await this.#edit();
        await new Promise((resolve) => setTimeout(resolve, this.#random.between(1, PAUSE_MS_MAX)));
      }
    })();
  }

  async endEditing(): Promise<void> {
    this.#isEditing = false;
    await this.#editing;
  }

  /** What is not acknowledged may be stored or not; only what is counts. */
  async #edit(): Promise<void> {
    const writer = await this.writer();
    if (writer === undefined) return;
    const by = { author: `${this.name}-editor` };
    const number = this.#random.between(1, PACKAGES);
    const name = `chaos-${number}`;
    const title = `${this.name} ${++this.#edits}`;
    try {
      const { revisions } = this.#random.chance(0.3)
        ? await writer.create("package", { name: `${name}-${this.name}-${this.#edits}`, title }, by)
        : await writer.patch(`package/${name}`, [{ op: "add", path: "/title", value: title }], by);
      for (const { id, object } of revisions) this.acknowledged.push({ revision: id, object });
    } catch {
      // Refused, or the process died under it: nobody was told that it is stored.
    }
  }

  /** Acknowledged revisions that the folder does not hold. */
  async lost(of: readonly Acknowledged[]): Promise<readonly Acknowledged[]> {
    const instance = await openInstance(this.folder, { readOnly: true });
    try {
      const found = await Promise.all(
        of.map(async (one) => (await instance.store.entry(one.revision as never)) !== undefined),
      );
      return of.filter((_, at) => found[at] === false);
    } finally {
      await instance.close();
    }
  }

  async digest(): Promise<string> {
    const { stdout } = await syncline(["-C", this.folder, "status", "--json"]);
    return JSON.parse(stdout).digest;
  }

  /** What verify finds wrong; empty when it says that all is sound. */
  async damage(): Promise<string> {
    const { code, stdout, stderr } = await syncline(["-C", this.folder, "verify"]);
    return code === 0 ? "" : `${stdout}${stderr}`;
  }
}
