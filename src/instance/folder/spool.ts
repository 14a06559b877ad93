import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileError, onFiles } from "./file-errors.ts";

/** Bytes that are read twice: kept in a file that only this user may read, until it is removed. */
export class Spool {
  readonly #folder: string;
  readonly #file: string;
  #handle: FileHandle | undefined;
  readonly #atExit: () => void;

  constructor() {
    this.#folder = onFiles(tmpdir(), () => mkdtempSync(join(tmpdir(), "syncline-import-")));
    this.#file = join(this.#folder, "input");
    this.#atExit = () => rmSync(this.#folder, { recursive: true, force: true });
    process.once("exit", this.#atExit);
  }

  /** Throws `DISK_FULL` and what else writing may throw. */
  async write(chunk: Uint8Array): Promise<void> {
    try {
      this.#handle ??= await open(this.#file, "a", 0o600);
      await this.#handle.writeFile(chunk);
    } catch (error) {
      throw fileError(error, this.#file);
    }
  }

  /** Everything that was written. */
  async *read(): AsyncGenerator<Uint8Array> {
    await this.#close();
    yield* createReadStream(this.#file, { flags: "a+", start: 0 }) as AsyncIterable<Uint8Array>;
  }

  async remove(): Promise<void> {
    await this.#close();
    process.off("exit", this.#atExit);
    this.#atExit();
  }

  async #close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
}
