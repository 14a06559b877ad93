import { resolve } from "node:path";
import { SynclineError } from "../base/errors.ts";
import { findInstance } from "../instance/folder/find-instance.ts";
import type { Cli } from "./cli.ts";

/** A folder as it was named. An empty name is more often a slip than the folder where one is. */
export function folderNamed(name: string | undefined): string | undefined {
  if (name !== "") return name;
  throw new SynclineError("USAGE", "the name of the folder is empty", {
    hint: "is a variable of the shell empty? leave the folder out, or name it: . is the one here",
  });
}

/**
 * The instance's folder: `-C`, else `$SYNCLINE_DIR`, else the nearest one upwards from here.
 * Throws `NOT_AN_INSTANCE` when there is none.
 */
export function folderOf(cli: Cli): string {
  const named = cli.folder ?? cli.env.SYNCLINE_DIR;
  if (named !== undefined && named !== "") return resolve(cli.cwd, named);
  return findInstance(cli.cwd);
}
