/** Runs the program as people do: as a process of its own, through its entry. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

export const entry: string = fileURLToPath(new URL("../../bin/syncline.js", import.meta.url));

export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface Process {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly result: Promise<Result>;
}

const plainEnv = { ...process.env, SYNCLINE_AUTHOR: "tester", SYNCLINE_DIR: "", EDITOR: "false" };

/** Runs one command to its end. */
export async function syncline(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: options.cwd,
    env: { ...plainEnv, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => {});
  child.stdin.end(options.input);
  return collect(child);
}

/** Runs a line of shell, in which `syncline` is the program. */
export function shell(line: string, cwd: string): Promise<Result> {
  const script = `syncline() { "${process.execPath}" "${entry}" "$@"; }\n${line}`;
  const child = spawn("bash", ["-c", script], {
    cwd,
    env: plainEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return collect(child);
}

/** Starts a command and leaves it running; detached, it leads a process group of its own. */
export function start(
  args: readonly string[],
  env: RunOptions["env"] = {},
  { detached = false }: { readonly detached?: boolean } = {},
): Process {
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...plainEnv, ...env },
    detached,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { child, result: collect(child) };
}

export interface Server extends Process {
  readonly url: string;
  stop(signal?: NodeJS.Signals): Promise<Result>;
}

/** Serves a folder on a free port, or the given one. */
export async function serve(
  folder: string,
  port = 0,
  env: RunOptions["env"] = {},
): Promise<Server> {
  const running = start(["-C", folder, "serve", "--port", String(port)], env);
  const { child, result } = running;
  const ended = result.then(({ stderr }) => Promise.reject(new Error(`serve ended: ${stderr}`)));
  ended.catch(() => {});
  const [line] = (await Promise.race([once(child.stdout, "data"), ended])) as [string];
  const url = /^listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(line)?.[1];
  if (url === undefined) throw new Error(`unexpected first line: ${line}`);
  return {
    ...running,
    url,
    stop(signal = "SIGTERM") {
      child.kill(signal);
      return result;
    },
  };
}

async function collect(child: {
  readonly stdout: Readable;
  readonly stderr: Readable;
  once(event: "close", listener: (code: number | null) => void): unknown;
}): Promise<Result> {
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}
