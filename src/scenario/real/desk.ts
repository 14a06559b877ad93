import { openRemoteWriter } from "../../server/client/open-remote-writer.ts";
import type { Writer } from "../../server/writer.ts";

/** Where somebody works in a served folder: one writer, however many ask for it at the same time. */
export class Desk {
  readonly #folder: string;
  #opening: Promise<Writer | undefined> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined while nobody serves the folder. Throws what `openRemoteWriter` throws. */
  async writer(): Promise<Writer | undefined> {
    this.#opening ??= openRemoteWriter(this.#folder);
    const opening = this.#opening;
    let writer: Writer | undefined;
    try {
      writer = await opening;
      return writer;
    } finally {
      // Whoever asks next may find a server.
      if (writer === undefined && this.#opening === opening) this.#opening = undefined;
    }
  }

  /** Leaves nothing of the folder open, also if somebody was just opening it. */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    const writer = await opening?.catch(() => undefined);
    await writer?.close();
  }
}
