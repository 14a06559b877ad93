import { rmSync } from "node:fs";
import type { ObjectId, RevisionId } from "../../src/base/ids.ts";
import { openInstance, restoreInstance } from "../../src/index.ts";
import type { Prng } from "../../src/scenario/random/prng.ts";
import { Desk } from "../../src/scenario/real/desk.ts";
import { ServedFolder } from "../../src/scenario/real/served-folder.ts";
import type { Writer } from "../../src/server/writer.ts";
import { syncline } from "../e2e/syncline.ts";
import { type Acknowledged, Editor } from "./editor.ts";

const PAUSE_MS_MAX = 30;

/** A served folder that is killed and started again, and somebody who edits there all the time. */
export class ChaosNode {
  readonly name: string;
  readonly folder: string;
  readonly port: number;
  readonly editor: Editor;
  readonly #random: Prng;
  #server: ServedFolder | undefined;
  /** Its latest backup that was not restored yet. */
  #backup: string | undefined;
  readonly #desk: Desk;
  #isEditing = false;
  #editing: Promise<void> = Promise.resolve();

  /** `shared`: the packages that are on both sides from the beginning. */
  constructor(
    {
      name,
      folder,
      port,
    }: { readonly name: string; readonly folder: string; readonly port: number },
    { random, shared }: { readonly random: Prng; readonly shared: readonly ObjectId[] },
  ) {
    this.name = name;
    this.folder = folder;
    this.port = port;
    this.#random = random;
    this.#desk = new Desk(folder);
    this.editor = new Editor(name, random, shared);
  }

  async start(): Promise<void> {
    this.#server = await ServedFolder.start(this.folder, { port: this.port });
  }

  /** kill -9, and waits until the process is gone. */
  async kill(): Promise<void> {
    await this.#server?.kill();
    this.#server = undefined;
    await this.#desk.close();
  }

  /** SIGTERM; the exit code. */
  async stop(): Promise<number | null | undefined> {
    await this.#desk.close();
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
      return await this.#desk.writer();
    } catch {
      // It is stopped, or just dies: the next attempt may find it again.
      return undefined;
    }
  }

  /** Edits one after the other until {@link endEditing}. */
  beginEditing(): void {
    this.#isEditing = true;
    this.#editing = (async () => {
      while (this.#isEditing) {
        const writer = await this.writer();
        if (writer !== undefined) await this.editor.edit(writer);
        await new Promise((resolve) => setTimeout(resolve, this.#random.between(1, PAUSE_MS_MAX)));
      }
    })();
  }

  async endEditing(): Promise<void> {
    this.#isEditing = false;
    await this.#editing;
  }

  /**
   * What was acknowledged and is not so in the folder: revisions that are not there, unless their
   * object was purged; purges of which there is no trace, or whose object is there all the same.
   */
  async lost(of: readonly Acknowledged[]): Promise<readonly Acknowledged[]> {
    const instance = await openInstance(this.folder, { readOnly: true });
    try {
      const { store } = instance;
      const purged = new Set<string>();
      for (const text of await store.purges(0)) purged.add(JSON.parse(text).object);
      const isKept = async ({ record, object, isPurge }: Acknowledged): Promise<boolean> => {
        if (isPurge) return purged.has(object) && (await store.object(object)) === undefined;
        return purged.has(object) || (await store.entry(record as RevisionId)) !== undefined;
      };
      const found = await Promise.all(of.map(isKept));
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
