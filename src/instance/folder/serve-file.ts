import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isJsonObject } from "../../base/json.ts";
import { onFiles } from "./file-errors.ts";
import { instancePaths } from "./paths.ts";
import { markOf } from "./sidecar-file.ts";

/** How to reach the process that serves a folder. The token lets its holder write. */
export interface ServeFile {
  readonly url: string;
  readonly pid: number;
  readonly token: string;
}

/** Says who serves the folder; only its owner may read it. Replaces what stood there. */
export function writeServeFile(folder: string, serve: ServeFile): void {
  const { serve: path } = instancePaths(folder);
  const draft = `${path}.${serve.pid}`;
  onFiles(path, () => {
    // Not written in place: a reader sees the whole file or the one before.
    rmSync(draft, { force: true });
    const content = { ...serve, lock: lockOf(folder) };
    writeFileSync(draft, `${JSON.stringify(content)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(draft, path);
  });
}

/**
 * The folder's lock, which tells the folder from a copy: a copy made while somebody serves the
 * original names that process, too, and what is done in the copy is not to be done in the original.
 */
function lockOf(folder: string): string | undefined {
  try {
    return markOf(instancePaths(folder).lock).file;
  } catch {
    return undefined;
  }
}

/**
 * Who serves the folder; undefined when nobody says so. What a killed process left behind is read
 * too, until somebody takes the lock: only that tells whether somebody is there.
 */
export function readServeFile(folder: string): ServeFile | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(instancePaths(folder).serve, "utf8"));
    if (!isJsonObject(value)) return undefined;
    const { url, pid, token, lock } = value;
    // Older versions did not say which folder they serve.
    if (lock !== undefined && lock !== lockOf(folder)) return undefined;
    const fits = typeof url === "string" && typeof pid === "number" && typeof token === "string";
    return fits ? { url, pid, token } : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the file away, if it is the given process's own. */
export function removeServeFile(folder: string, pid: number): void {
  if (readServeFile(folder)?.pid === pid) discardServeFile(folder);
}

/** Takes the file away, whosever it is; for who holds the lock. */
export function discardServeFile(folder: string): void {
  const { serve } = instancePaths(folder);
  onFiles(serve, () => rmSync(serve, { force: true }));
}
