// One end of a sync connection in the hands of somebody who sends what he likes.
import type { InstanceId } from "../../src/base/ids.ts";
import { systemTimers } from "../../src/base/ports/timers.ts";
import { type BatchHeader, encodeBatch } from "../../src/protocol/batch.ts";
import { type ControlMessage, decodeControl, encodeControl } from "../../src/protocol/control.ts";
import { CLOSE_CODES, type Connection } from "../../src/sync/connection.ts";
import { zstdCodec } from "../../src/sync/zstd-codec.ts";
import { uuidFor } from "../sync/world.ts";

/** How long the victim may take to object, before its silence counts as consent. */
const OBJECTION_MS_MAX = 3_000;

export const eveId = uuidFor("instance eve") as InstanceId;
export const eveEpoch: string = uuidFor("epoch eve");
export const CHAIN_0: string = "0".repeat(32);

/** A HELLO that is right in every field, of somebody who wants to push. */
export const HELLO: object = {
  m: "hello",
  v: [1, 1],
  id: eveId,
  epoch: eveEpoch,
  name: "eve",
  schema: 1,
  algo: 1,
  head: [50, "ab".repeat(16)],
  want: "push",
};

/** A WELCOME that is right in every field. */
export const WELCOME: object = {
  m: "welcome",
  v: 1,
  id: eveId,
  epoch: eveEpoch,
  name: "eve",
  schema: 1,
  algo: 1,
  head: [50, "ab".repeat(16)],
};

export class Attacker {
  readonly #connection: Connection;
  readonly #codec = zstdCodec();
  readonly #heard: ControlMessage[] = [];
  #waiting: (() => void)[] = [];
  #isClosed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.listen({
      frame: (data) => {
        if (typeof data === "string") this.#heard.push(decodeControl(data));
        this.#wake();
      },
      closed: () => {
        this.#isClosed = true;
        this.#wake();
      },
    });
  }

  /** Sends a message with a checksum that is right, whatever it says. */
  say(...messages: readonly object[]): void {
    for (const message of messages) this.raw(encodeControl(message as ControlMessage));
  }

  raw(...frames: readonly (string | Uint8Array)[]): void {
    for (const frame of frames) this.#connection.send(frame);
  }

  /** Sends a BATCH in the stream of this connection. */
  async batch(header: Partial<BatchHeader>, bytes: Uint8Array, more = false): Promise<void> {
    const body = await this.#codec.compress(bytes);
    const whole = { after: 0, to: 1, chain: CHAIN_0, revisions: 1, changesets: 1 };
    this.raw(encodeBatch({ ...whole, rawBytes: bytes.length, ...header }, more, body));
  }

  /** The next message of a kind; undefined when the connection ends before one comes. */
  async heard<M extends ControlMessage["m"]>(
    m: M,
  ): Promise<Extract<ControlMessage, { readonly m: M }> | undefined> {
    for (;;) {
      const index = this.#heard.findIndex((message) => message.m === m);
      const [found] = index < 0 ? [] : this.#heard.splice(0, index + 1).slice(-1);
      if (found !== undefined) return found as Extract<ControlMessage, { readonly m: M }>;
      if (this.#isClosed) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Waits for the victim to end the connection; ends it itself when that takes too long. */
  async leave(): Promise<void> {
    const giveUp = systemTimers.after(OBJECTION_MS_MAX, () => {
      this.#connection.close(CLOSE_CODES.normal);
    });
    while (!this.#isClosed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    giveUp();
    this.#codec.close();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
