import { resolve } from "node:path";
import { findInstance } from "../instance/folder/find-instance.ts";
import type { Cli } from "./cli.ts";

/**
 * The instance's folder: `-C`, else `$SYNCLINE_DIR`, else the nearest one upwards from here.
 * Throws `NOT_AN_INSTANCE` when there is none.
 */
export function folderOf(cli: Cli): string {
  const named = cli.folder ?? cli.env.SYNCLINE_DIR;
  if (named !== undefined && named !== "") return resolve(cli.cwd, named);
  return findInstance(cli.cwd);
}
