import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { SynclineError } from "../base/errors.ts";

/** A folder that a process of its own serves, or is about to. */
export interface ServedFolder {
  readonly pid: number;
  /** Resolves with the URL once it listens. Throws `INTERNAL` when the process ends before. */
  listening(): Promise<string>;
  /** Asks the process to end, and waits until it has. */
  close(): Promise<void>;
  /** Ends it at once; for when there is no time left to wait. */
  kill(): void;
}

/** The program; sources and build are equally deep below the package. */
export const program: string = fileURLToPath(new URL("../../bin/syncline.js", import.meta.url));

const LISTENING = /^listening on (\S+)$/;
const CLOSE_MS_MAX = 5000;

/** Starts `syncline serve` on a free port. */
export function serveFolder(folder: string): ServedFolder {
  const args = [program, "-C", folder, "serve", "--port", "0"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const ended = once(child, "exit").then(() => undefined);
  const listening = firstUrl(child);
  return {
    pid: child.pid as number,
    async listening() {
      const url = await Promise.race([listening, ended]);
      if (url !== undefined) return url;
      const message = `the server ended: ${complaint.trim()}`;
      throw new SynclineError("INTERNAL", message, { where: folder });
    },
    async close() {
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), CLOSE_MS_MAX);
      await ended;
      clearTimeout(late);
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

function firstUrl(child: ChildProcess & { stdout: NodeJS.ReadableStream }): Promise<string> {
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve) => {
    lines.on("line", (line) => {
      const url = LISTENING.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}
