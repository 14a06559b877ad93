import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { restoreInstance } from "../../index.ts";
import { type InstancePaths, instancePaths } from "../../instance/folder/paths.ts";
import { markOf, sidecarPlace, writeSidecar } from "../../instance/folder/sidecar-file.ts";
import type { Sidecar } from "../../instance/sidecar.ts";
import type { SetBackHow } from "../world/simulated-folder.ts";
import type { RealInstance, Remembered } from "./real-instance.ts";

/** A backup of an instance, and what was known of it when it was made. */
export interface RealBackup extends Remembered {
  /** The catalog. */
  readonly file: string;
  /** What else a machine's snapshot holds; undefined where there is none. */
  readonly sidecar: Sidecar | undefined;
}

/** Makes a backup of an instance while it is at work, as `syncline backup` does. */
export async function backUp(instance: RealInstance, file: string): Promise<RealBackup> {
  await instance.reader.backup(file);
  const { folder, shunned, authoredDigest } = instance;
  const sidecar = sidecarPlace(instancePaths(folder)).read();
  return { file, sidecar, shunned: [...shunned], authoredDigest };
}

/** Puts a backup in the place of what a folder holds, while nobody has that open. */
export async function putBack(
  { file, sidecar }: RealBackup,
  folder: string,
  how: SetBackHow,
): Promise<void> {
  if (how === "restore") {
    await restoreInstance(file, folder, { force: true });
    return;
  }
  const paths = instancePaths(folder);
  for (const suffix of ["-wal", "-shm"]) rmSync(`${paths.catalog}${suffix}`, { force: true });
  // Copied files are other files; a snapshot's are the same: written over, it keeps its number.
  if (how === "files") rmSync(paths.catalog);
  copyFileSync(file, paths.catalog);
  if (how === "files") return;
  rmSync(paths.search, { force: true });
  takeAsOwn(paths, sidecar);
}

/** Makes a folder a copy of that which a backup is of, or of the whole machine around it. */
export function copyInto({ file, sidecar }: RealBackup, folder: string, isMachine: boolean): void {
  mkdirSync(folder);
  const paths = instancePaths(folder);
  copyFileSync(file, paths.catalog);
  if (isMachine) takeAsOwn(paths, sidecar);
  else if (sidecar !== undefined) writeSidecar(paths, sidecar);
}

/** On a machine that is set back or copied as a whole, files have the numbers and times that they had. */
function takeAsOwn(paths: InstancePaths, sidecar: Sidecar | undefined): void {
  rmSync(paths.sidecar, { force: true });
  if (sidecar === undefined) return;
  const { file, changed } = markOf(paths.catalog);
  const isClosed = sidecar.changed !== undefined;
  writeSidecar(paths, { ...sidecar, file, ...(isClosed ? { changed } : {}) });
}
