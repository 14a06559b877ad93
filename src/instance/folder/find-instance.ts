import { existsSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SynclineError } from "../../base/errors.ts";
import { holdsInstance } from "./paths.ts";

/** The nearest folder, from `start` upwards, that holds an instance. Throws `NOT_AN_INSTANCE`. */
export function findInstance(start: string): string {
  const from = resolve(start);
  for (let folder = from; ; folder = dirname(folder)) {
    if (holdsInstance(folder)) return folder;
    if (folder === dirname(folder)) break;
  }
  throw new SynclineError("NOT_AN_INSTANCE", `no instance in ${from} or a folder above it`, {
    where: from,
    hint: "name one with -C DIR or $SYNCLINE_DIR, or make one: syncline init DIR --name NAME",
  });
}

/** The folder's own path. Throws `FILE_NOT_FOUND` or `NOT_AN_INSTANCE`. */
export function requireInstance(folder: string): string {
  const path = resolve(folder);
  if (!existsSync(path)) {
    throw new SynclineError("FILE_NOT_FOUND", `the folder ${path} does not exist`, {
      where: path,
      hint: `make an instance there: syncline init ${path} --name NAME`,
    });
  }
  if (!holdsInstance(path)) {
    throw new SynclineError("NOT_AN_INSTANCE", `${path} does not hold an instance`, {
      where: path,
      hint: `make one there: syncline init ${path} --name NAME`,
    });
  }
  return realpathSync(path);
}
