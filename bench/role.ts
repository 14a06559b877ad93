import { type ChildProcess, fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

/** The calls that a bench process answers: `{id, cmd, args}` → `{id, result}` or `{id, error}`. */
export type Handlers = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Answers calls that come over Node's IPC until `exit` or the parent's end. */
export function serveRole(handlers: Handlers): void {
  const answer = (message: unknown): void => void process.send?.(message);
  process.on("message", async (call: { id: number; cmd: string; args: never[] }) => {
    try {
      if (call.cmd === "exit") {
        await handlers.stop?.();
        process.exit(0);
      }
      if (call.cmd === "gc") {
        globalThis.gc?.();
        answer({ id: call.id, result: null });
        return;
      }
      const handler = handlers[call.cmd];
      if (handler === undefined) throw new Error(`no handler ${call.cmd}`);
      answer({ id: call.id, result: (await handler(...call.args)) ?? null });
    } catch (error) {
      answer({ id: call.id, error: error instanceof Error ? error.stack : String(error) });
    }
  });
  process.on("disconnect", () => process.exit(0));
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** A process under measurement. */
export class Role {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #next = 0;

  constructor(file: string, args: readonly string[]) {
    this.#child = fork(file, args, {
      serialization: "advanced",
      execArgv: ["--expose-gc"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#child.on("message", (answer: { id: number; result?: never; error?: string }) => {
      const pending = this.#pending.get(answer.id);
      this.#pending.delete(answer.id);
      if (answer.error === undefined) pending?.resolve(answer.result as never);
      else pending?.reject(new Error(answer.error));
    });
    this.#child.on("exit", (code, signal) => {
      const error = new Error(`a bench process ended with ${code ?? signal}`);
      for (const { reject } of this.#pending.values()) reject(error);
    });
  }

  call<T = unknown>(cmd: string, ...args: unknown[]): Promise<T> {
    const id = ++this.#next;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#child.send({ id, cmd, args });
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.send({ id: 0, cmd: "exit", args: [] });
    await gone;
  }

  /** CPU seconds of the process so far; undefined where the system does not tell. */
  cpuSeconds(): number | undefined {
    return fromProc(() => {
      const stat = readFileSync(`/proc/${this.#child.pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return (Number(fields[11]) + Number(fields[12])) / 100;
    });
  }

  /** Forgets the peak so far, where the system allows it. */
  resetPeak(): void {
    fromProc(() => writeFileSync(`/proc/${this.#child.pid}/clear_refs`, "5"));
  }

  /** Peak resident memory in MiB since the last reset. */
  peakMib(): number | undefined {
    return fromProc(() => {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
      return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
    });
  }
}

function fromProc<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
