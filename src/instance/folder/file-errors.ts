import type { ErrorCode } from "../../base/error-codes.ts";
import { isSynclineError, SynclineError } from "../../base/errors.ts";

const CODES: Readonly<Record<string, readonly [ErrorCode, string, string]>> = {
  EACCES: ["NO_PERMISSION", "no permission", "run as the user who owns it, or change its mode"],
  EPERM: ["NO_PERMISSION", "no permission", "run as the user who owns it, or change its mode"],
  EROFS: ["NO_PERMISSION", "the file system is read-only", "choose a folder that can be written"],
  ENOENT: ["FILE_NOT_FOUND", "it does not exist", "check the path"],
  ENOTDIR: ["FILE_NOT_FOUND", "a part of the path is no folder", "check the path"],
  EEXIST: ["INSTANCE_EXISTS", "a file of that name is there", "choose another folder"],
  ENOSPC: ["DISK_FULL", "no space is left", "free some space and try again"],
  EDQUOT: ["DISK_FULL", "the quota is used up", "free some space and try again"],
  EFBIG: ["DISK_FULL", "the limit on file sizes is reached", "raise the limit and try again"],
};

/** A SynclineError for what the file system reported about `path`; other errors as they are. */
export function fileError(error: unknown, path: string): unknown {
  if (isSynclineError(error)) return error;
  if (!(error instanceof Error)) return error;
  const system = (error as NodeJS.ErrnoException).code;
  if (typeof system !== "string") return error;
  const known = Object.hasOwn(CODES, system) ? CODES[system] : undefined;
  const [code, why, hint] = known ?? ["STORE_IO", system, "check the disk"];
  return new SynclineError(code, `${path}: ${why}`, { where: path, hint, cause: error });
}

/** Runs work on files, turning what the file system reports into SynclineErrors. */
export function onFiles<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileError(error, path);
  }
}
