import { setTimeout as delay } from "node:timers/promises";
import { isSynclineError, type SynclineError } from "../base/errors.ts";
import type { Instance } from "../instance/instance.ts";
import type { OpenOptions } from "../instance/open-options.ts";
import type { Writer } from "../server/writer.ts";
import type { Cli } from "./cli.ts";
import { folderOf } from "./folder.ts";

/** How long a command waits for another one that is just writing. */
const BUSY_MS_MAX = 3000;
const BUSY_RETRY_MS = 50;

/** Runs a reading command on the instance, open for reading, beside whoever writes. */
export async function withReader<T>(cli: Cli, use: (instance: Instance) => Promise<T>): Promise<T> {
  const { openInstance } = await import("../index.ts");
  return closing(await openInstance(folderOf(cli), { readOnly: true, ...notices(cli) }), use);
}

/**
 * Runs a writing command: on the folder itself, or through the process that serves it. Another
 * command that is just writing is waited for a moment. Throws `INSTANCE_BUSY` after that.
 */
export async function withWriter<T>(cli: Cli, use: (writer: Writer) => Promise<T>): Promise<T> {
  return closing(await openWriter(cli, folderOf(cli)), use);
}

/**
 * Runs a command that changes who the instance is: on the folder itself, never while a process
 * serves it. Throws `INSTANCE_BUSY`.
 */
export async function withOwner<T>(cli: Cli, use: (instance: Instance) => Promise<T>): Promise<T> {
  return closing(await openOwned(cli, folderOf(cli), {}), use);
}

async function openWriter(cli: Cli, folder: string): Promise<Writer> {
  const { openInstance } = await import("../index.ts");
  return whenFree<Writer>(cli, {
    open: () => openInstance(folder, { recovers: cli.recovers, ...notices(cli) }),
    instead: async () => {
      const { openRemoteWriter } = await import("../server/client/open-remote-writer.ts");
      return openRemoteWriter(folder);
    },
  });
}

/**
 * Opens a folder to serve it. Another command that is just writing is waited for a moment; another
 * server is not. Throws `INSTANCE_BUSY`.
 */
export async function openToServe(
  cli: Cli,
  folder: string,
  options: Omit<OpenOptions, "threads"> = {},
): Promise<Instance> {
  return openOwned(cli, folder, { ...options, threads: "from-start" });
}

async function openOwned(cli: Cli, folder: string, options: OpenOptions): Promise<Instance> {
  const { openInstance } = await import("../index.ts");
  return whenFree<Instance>(cli, {
    open: () => openInstance(folder, { recovers: cli.recovers, ...options, ...notices(cli) }),
    instead: async (busy) => {
      const { answeringServer } = await import("../server/client/open-remote-writer.ts");
      if ((await answeringServer(folder)) !== undefined) throw busy;
      return undefined;
    },
  });
}

/** Prints what an instance does by itself: what it mends, and what it gets back. */
export function notices(cli: Cli): Pick<OpenOptions, "onNotice"> {
  return { onNotice: (notice) => cli.err.write(`note: ${notice}\n`) };
}

interface Opening<T> {
  readonly open: () => Promise<T>;
  /** What to do while the folder is taken; undefined: wait. */
  readonly instead: (busy: SynclineError) => Promise<T | undefined>;
}

async function whenFree<T>(cli: Cli, { open, instead }: Opening<T>): Promise<T> {
  const giveUpMs = cli.clock.monotonicMs() + BUSY_MS_MAX;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isSynclineError(error, "INSTANCE_BUSY")) throw error;
      const found = await instead(error);
      if (found !== undefined) return found;
      if (cli.clock.monotonicMs() > giveUpMs) throw error;
      await delay(BUSY_RETRY_MS);
    }
  }
}

async function closing<R extends Pick<Instance, "close">, T>(
  resource: R,
  use: (resource: R) => Promise<T>,
): Promise<T> {
  try {
    return await use(resource);
  } finally {
    await resource.close();
  }
}
