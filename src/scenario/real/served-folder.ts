import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { SynclineError } from "../../base/errors.ts";

/** The program, as people start it. */
const ENTRY = fileURLToPath(new URL("../../../bin/syncline.js", import.meta.url));
const LISTENING = /^listening on (http:\/\/\S+)$/m;

export interface ServeOptions {
  /** 0 takes any free one. */
  readonly port?: number;
  /** By how much its clock is off. */
  readonly shiftMs?: number;
}

/**
 * A `syncline serve` of a folder, as a process of its own. It ends with the process that started it,
 * however that ends: its stdin is closed then.
 */
export class ServedFolder {
  readonly url: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #exited: Promise<number | null>;
  #pause: { readonly end: () => Promise<void> } | undefined;

  private constructor(
    url: string,
    child: ChildProcessByStdio<Writable, Readable, Readable>,
    exited: Promise<number | null>,
  ) {
    this.url = url;
    this.#child = child;
    this.#exited = exited;
  }

  /** Starts it, and waits until it listens. Throws when it ends before that. */
  static async start(folder: string, options: ServeOptions = {}): Promise<ServedFolder> {
    const { port = 0, shiftMs = 0 } = options;
    const args = ["-C", folder, "serve", "--port", `${port}`, `--driven=${Math.round(shiftMs)}`];
    const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.on("error", () => {});
    const exited = once(child, "exit").then(([code]) => code as number | null);
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const ended = exited.then(() => {
      throw new SynclineError("INTERNAL", `the server of ${folder} ended: ${said.trim()}`);
    });
    ended.catch(() => {});
    child.stdout.setEncoding("utf8");
    for (let heard = ""; ; ) {
      const [text] = (await Promise.race([once(child.stdout, "data"), ended])) as [string];
      heard += text;
      const [, url] = LISTENING.exec(heard) ?? [];
      if (url !== undefined) return new ServedFolder(url, child, exited);
    }
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** Sets its clock, and waits until it is set; while it is paused, only says so. */
  async setClock(shiftMs: number): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const heard = once(this.#child.stdout, "data");
    this.#child.stdin.write(`${Math.round(shiftMs)}\n`);
    if (this.#pause === undefined) await Promise.race([heard, this.#exited]);
    else heard.catch(() => {});
  }

  /** `kill -9`; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
    await this.#pause?.end();
  }

  /** Ctrl-C; the exit code. */
  async stop(): Promise<number | null> {
    await this.resume();
    this.#child.kill("SIGTERM");
    return this.#exited;
  }

  /**
   * Holds the process where it is. Somebody else wakes it should this process end meanwhile: held,
   * it could not notice that.
   */
  pause(): void {
    if (this.#pause !== undefined) return;
    const script = 'read -r line; kill -CONT "$0" 2>/dev/null';
    const guard = spawn("sh", ["-c", script, `${this.pid}`], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    const gone = once(guard, "exit");
    this.#pause = {
      end: async () => {
        guard.stdin.end();
        await gone;
      },
    };
    this.#child.kill("SIGSTOP");
  }

  async resume(): Promise<void> {
    const pause = this.#pause;
    this.#pause = undefined;
    await pause?.end();
  }

  /** Lets no file be written beyond a size: 0 is a full disk. Without a size, as before. */
  async limitFiles(bytes: number | undefined): Promise<void> {
    const limit = `--fsize=${bytes ?? "unlimited"}:`;
    const child = spawn("prlimit", ["--pid", `${this.pid}`, limit], { stdio: "ignore" });
    const [code] = await once(child, "exit");
    if (code !== 0) {
      throw new SynclineError("INTERNAL", `prlimit ${limit} ended with ${code}`, {
        hint: "full disks are made by prlimit of util-linux, for processes of one's own",
      });
    }
  }
}
