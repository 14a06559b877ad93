import { SynclineError } from "../../base/errors.ts";
import { parseJson } from "../../base/ingress/parse-json.ts";
import { isJsonObject } from "../../base/json.ts";
import { IMPORT_LINE_BYTES_MAX } from "../../base/limits.ts";
import {
  detectType,
  fromCkan,
  type ReadObject,
  type Types,
  validateContent,
} from "../../catalog/index.ts";

/**
 * Reads one line of an import: strict JSON, CKAN's form, valid for its type. Throws a
 * SynclineError that says what is wrong with the line.
 */
export function readObject(bytes: Uint8Array, type: string | undefined, types: Types): ReadObject {
  const value = parseJson(bytes, { bytesMax: IMPORT_LINE_BYTES_MAX });
  if (!isJsonObject(value)) {
    throw new SynclineError("INVALID_OBJECT", "the line is not a JSON object", {
      hint: "one object per line, as ckanapi dump writes them",
    });
  }
  const read = fromCkan(type ?? detectType(value), value, types);
  validateContent(read.object.type, read.object.content, types);
  return read;
}

/** What is wrong with a line, with the place inside the line. */
export function refusalMessage({ message, where }: SynclineError): string {
  const place = where?.replace(/^line 1, /, "");
  return place === undefined || place === "" ? message : `${message} (at ${place})`;
}
