import type { ObjectId } from "../../base/ids.ts";
import { type Instance, openInstance } from "../../index.ts";
import { openRemoteWriter } from "../../server/client/open-remote-writer.ts";
import type { Writer } from "../../server/writer.ts";
import type { Acknowledged } from "../checkers/world-state.ts";
import { ServedFolder } from "./served-folder.ts";

/** An instance in a folder, which a process of its own serves while it is up. */
export class RealInstance {
  readonly name: string;
  readonly folder: string;
  /** Revisions that somebody was told are stored. */
  readonly acknowledged: Acknowledged[] = [];
  /** Objects that were shunned here. */
  readonly shunned: Set<ObjectId> = new Set();
  /** What the digest was when somebody last changed something here. */
  authoredDigest: string | null = null;
  /** By how much its clock is off that of the world. */
  skewMs = 0;
  #reader: Instance;
  #served: ServedFolder | undefined;
  #writer: Writer | undefined;

  private constructor(name: string, folder: string, reader: Instance) {
    this.name = name;
    this.folder = folder;
    this.#reader = reader;
  }

  /** An instance that is in a folder already; nobody serves it yet. */
  static async in(folder: string, name: string): Promise<RealInstance> {
    return new RealInstance(name, folder, await openInstance(folder, { readOnly: true }));
  }

  /** As an observer reads it, beside whoever serves it. */
  get reader(): Instance {
    return this.#reader;
  }

  get served(): ServedFolder | undefined {
    return this.#served;
  }

  async start(shiftMs: number): Promise<ServedFolder> {
    this.#served ??= await ServedFolder.start(this.folder, { shiftMs: shiftMs + this.skewMs });
    return this.#served;
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    const served = this.#served;
    this.#served = undefined;
    await served?.kill();
    await this.#forget();
  }

  /** Somebody who works there, through the process that serves it; undefined when it is down. */
  async desk(): Promise<Writer | undefined> {
    if (this.#served === undefined) return undefined;
    this.#writer ??= await openRemoteWriter(this.folder);
    return this.#writer;
  }

  async close(): Promise<void> {
    await this.kill();
    await this.#reader.close();
  }

  async #forget(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    await writer?.close();
  }
}
