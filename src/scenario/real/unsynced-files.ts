import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, rmSync } from "node:fs";
import { instancePaths } from "../../instance/folder/paths.ts";

const ASIDE = ".aside";

/** The files of an instance that the product does not sync to disk. */
function unsynced(folder: string): readonly string[] {
  const { sidecar, search } = instancePaths(folder);
  return [sidecar, search, `${search}-wal`];
}

/** Notes what these hold, while nobody writes them: a power cut may bring that back. */
export function putUnsyncedAside(folder: string): void {
  for (const file of unsynced(folder)) {
    rmSync(file + ASIDE, { force: true });
    if (existsSync(file)) copyApart(file, file + ASIDE);
  }
}

/**
 * Copies a file that somebody reads as a database in this process: in one of its own, since closing
 * the file here would end all locks that this one has on it.
 */
function copyApart(file: string, target: string): void {
  execFileSync("cp", [file, target]);
}

/** What a power cut does to the files of a process that is dead: they are gone, or older. */
export function losePower(folder: string, isGone: boolean): void {
  rmSync(`${instancePaths(folder).search}-shm`, { force: true });
  for (const file of unsynced(folder)) {
    rmSync(file, { force: true });
    if (!isGone && existsSync(file + ASIDE)) copyFileSync(file + ASIDE, file);
  }
}
