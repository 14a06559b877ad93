import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { SynclineError } from "../../base/errors.ts";
import type { Version } from "../world/editions.ts";

/** The program, as people start it. */
const ENTRY = fileURLToPath(new URL("../../../bin/syncline.js", import.meta.url));
const LISTENING = /^listening on (http:\/\/\S+)$/;

export interface ServeOptions {
  /** 0 takes any free one. */
  readonly port?: number;
  /** By how much its clock is off. */
  readonly shiftMs?: number;
  /** The version of the program that it is; this one unless given. */
  readonly version?: Version;
}

/**
 * A `syncline serve` of a folder, as a process of its own. It ends with the process that started it,
 * however that ends: its stdin is closed then.
 */
export class ServedFolder {
  readonly url: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #exited: Promise<number | null>;
  /** Who waits for an answer, in the order of what was said. */
  readonly #asked: (() => void)[] = [];
  /** Hears of each commit that is held. */
  onCommit: (() => void) | undefined;
  #pause: { readonly end: () => Promise<void> } | undefined;

  private constructor(
    url: string,
    child: ChildProcessByStdio<Writable, Readable, Readable>,
    lines: Interface,
  ) {
    this.url = url;
    this.#child = child;
    this.#exited = once(child, "exit").then(([code]) => code as number | null);
    lines.on("line", (line) => {
      if (line === "commit") this.onCommit?.();
      else this.#asked.shift()?.();
    });
  }

  /** Starts it, and waits until it listens. Throws when it ends before that. */
  static async start(folder: string, options: ServeOptions = {}): Promise<ServedFolder> {
    const { port = 0, shiftMs = 0, version: { schema = 1, algorithm = 1 } = {} } = options;
    const isOther = schema + algorithm > 2;
    const args = [
      ...["-C", folder, "serve", "--port", `${port}`, `--driven=${Math.round(shiftMs)}`],
      ...(isOther ? [`--driven-as=${schema}.${algorithm}`] : []),
    ];
    const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.on("error", () => {});
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const lines = createInterface({ input: child.stdout });
    const first = await Promise.race([once(lines, "line"), once(child, "exit")]);
    const [, url] = LISTENING.exec(String(first[0])) ?? [];
    if (url !== undefined) return new ServedFolder(url, child, lines);
    throw new SynclineError("INTERNAL", `the server of ${folder} ended: ${said.trim()}`);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  setClock(shiftMs: number): Promise<void> {
    return this.#say(`clock ${Math.round(shiftMs)}`);
  }

  /** Links with a schedule run that are due in so much time. */
  passTime(ms: number): Promise<void> {
    return this.#say(`pass ${Math.round(ms)}`);
  }

  /** Its disk reports an error at the next commit, at each, or no more. */
  failDisk(commits: "next" | "on" | "off"): Promise<void> {
    return this.#say(`disk ${commits}`);
  }

  /** Holds each commit that becomes durable before anybody knows of it, or none any more. */
  holdCommits(isHolding: boolean): Promise<void> {
    return this.#say(`hold ${isHolding ? "on" : "off"}`);
  }

  /** Lets the commit go on that is held longest. */
  letCommitGo(): Promise<void> {
    return this.#say("go");
  }

  /** Says something to it, and waits until it has heard that; while it is paused, only says it. */
  async #say(line: string): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const heard = new Promise<void>((resolve) => this.#asked.push(resolve));
    this.#child.stdin.write(`${line}\n`);
    if (this.#pause === undefined) await Promise.race([heard, this.#exited]);
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
