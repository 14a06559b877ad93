import type { InstanceId, ObjectId } from "../../base/ids.ts";
import { type Instance, openInstance } from "../../index.ts";
import type { Writer } from "../../server/writer.ts";
import type { Acknowledged } from "../checkers/world-state.ts";
import { editionOf, type Version } from "../world/editions.ts";
import { Desk } from "./desk.ts";
import { ServedFolder } from "./served-folder.ts";
import { putUnsyncedAside } from "./unsynced-files.ts";

/** What the folder of an instance does not say. */
export interface Remembered {
  readonly shunned: readonly ObjectId[];
  readonly authoredDigest: string | null;
}

/** What else the folder of an instance does not say from the start. */
interface About {
  readonly name: string;
  readonly copiedFrom?: string;
  readonly version?: Version;
}

function openToRead(folder: string, version: Version = {}): Promise<Instance> {
  return openInstance(folder, { readOnly: true, edition: editionOf(version) });
}

/** An instance in a folder, which a process of its own serves while it is up. */
export class RealInstance {
  readonly name: string;
  readonly folder: string;
  /** The instance that it began as a copy of; otherwise its own name. */
  readonly copiedFrom: string;
  /** By what ids it was known to others. */
  readonly ids: Set<InstanceId>;
  /** It was set back to an earlier state, or lost everything. */
  wasSetBack = false;
  /** Revisions that somebody was told are stored. */
  readonly acknowledged: Acknowledged[] = [];
  /** Objects that were shunned here. */
  readonly shunned: Set<ObjectId> = new Set();
  /** What the digest was when somebody last changed something here. */
  authoredDigest: string | null = null;
  /** By how much its clock is off that of the world. */
  skewMs = 0;
  #reader: Instance;
  /** What of the program it is a version of. */
  #version: Version;
  #served: ServedFolder | undefined;
  #starting: Promise<ServedFolder> | undefined;
  readonly #desk: Desk;
  /** The epoch in which it cannot know that it was set back or copied. */
  #unawareIn: string | undefined;

  private constructor(
    folder: string,
    { name, copiedFrom = name, version = {} }: About,
    reader: Instance,
  ) {
    this.name = name;
    this.folder = folder;
    this.copiedFrom = copiedFrom;
    this.#version = version;
    this.#desk = new Desk(folder);
    this.ids = new Set([reader.identity.instance]);
    this.#reader = reader;
  }

  /** An instance that is in a folder already; nobody serves it yet. */
  static async in(folder: string, about: About): Promise<RealInstance> {
    return new RealInstance(folder, about, await openToRead(folder, about.version));
  }

  get version(): Version {
    return this.#version;
  }

  /** From its next start on it is another version of the program. */
  become(version: Version): void {
    this.#version = version;
  }

  /** As an observer reads it, beside whoever serves it. */
  get reader(): Instance {
    return this.#reader;
  }

  get served(): ServedFolder | undefined {
    return this.#served;
  }

  /** Does something in the folder while nobody has that open; something else may be there then. */
  async attend(work: () => Promise<void>): Promise<void> {
    await this.#starting;
    await this.#served?.stop();
    this.#served = undefined;
    await this.#desk.close();
    await this.#reader.close();
    await work();
    this.#reader = await openToRead(this.folder, this.#version);
    this.ids.add(this.#reader.identity.instance);
  }

  /** What was known of it when what it holds now was put aside. */
  remember({ shunned, authoredDigest }: Remembered): void {
    this.shunned.clear();
    for (const object of shunned) this.shunned.add(object);
    this.authoredDigest = authoredDigest;
    this.wasSetBack = true;
  }

  /** From now on others may write as it does, and it cannot know. */
  async cannotKnow(): Promise<void> {
    this.#unawareIn = (await this.#reader.store.identity()).epoch;
  }

  async isUnaware(): Promise<boolean> {
    return (await this.#reader.store.identity()).epoch === this.#unawareIn;
  }

  /** Whoever asks while it is starting gets the same process. */
  async start(shiftMs: number): Promise<ServedFolder> {
    if (this.#served !== undefined) return this.#served;
    this.#starting ??= this.#start(shiftMs + this.skewMs);
    return this.#starting;
  }

  async #start(shiftMs: number): Promise<ServedFolder> {
    try {
      putUnsyncedAside(this.folder);
      this.#served = await ServedFolder.start(this.folder, { shiftMs, version: this.#version });
      return this.#served;
    } finally {
      this.#starting = undefined;
    }
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.#starting?.catch(() => {});
    const served = this.#served;
    this.#served = undefined;
    await served?.kill();
    await this.#desk.close();
  }

  /** Somebody who works there, through the process that serves it; undefined when it is down. */
  async desk(): Promise<Writer | undefined> {
    return this.#served === undefined ? undefined : this.#desk.writer();
  }

  async close(): Promise<void> {
    await this.kill();
    await this.#reader.close();
  }
}
