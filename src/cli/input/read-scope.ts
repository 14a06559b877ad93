import { isSynclineError, SynclineError } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json.ts";
import { checkKnownTypes, parseScope } from "../../scope/parse-scope.ts";
import type { Cli } from "../cli.ts";
import { readJsonFile } from "./read-json-file.ts";

/** A scope from a file; checked here, so that the error can name the file. */
export async function readScope(cli: Cli, file: string): Promise<JsonObject> {
  const document = await readJsonFile(cli, file);
  try {
    checkKnownTypes(parseScope(document));
  } catch (error) {
    if (!isSynclineError(error, "INVALID_SCOPE")) throw error;
    const { message, hint, where } = error;
    const place = where === undefined || where === "" ? file : `${file} ${where}`;
    throw new SynclineError("INVALID_SCOPE", message, { where: place, ...(hint && { hint }) });
  }
  return document as JsonObject;
}
