import { canonicalize } from "../canonical.ts";
import { SynclineError } from "../errors.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { at, decodeText, type IngressOptions } from "./decode-text.ts";
import { diagnose, place, tooDeep } from "./diagnose.ts";
import { mayHoldHalves, parseChecked } from "./parse-json.ts";
import { scanDepth } from "./scan-depth.ts";
import { survey } from "./survey.ts";

/**
 * Parses bytes that must be the canonical JSON (RFC 8785) of an object, so that equal values have
 * equal bytes and hashes everywhere. Throws what parseJson throws, `NOT_CANONICAL` for another
 * form of valid JSON, `INVALID_RECORD` for what is no object.
 */
export function parseCanonical(
  bytes: Uint8Array,
  options: IngressOptions,
): { value: JsonObject; text: string } {
  const text = decodeText(bytes, options);
  const scan = scanDepth(text);
  if (scan.tooDeepAt >= 0) throw tooDeep(text, scan.tooDeepAt, options.where);
  const value = parseChecked(text, options.where);
  const found = survey(value, mayHoldHalves(text));
  if (!found.sound || found.members !== scan.members) diagnose(text, options.where);
  // Most records are seen to be canonical without printing them again.
  if (!scan.printed || !found.sorted || !found.inTextOrder) {
    const canonical = canonicalize(value);
    if (canonical !== text) throw notCanonical(text, canonical, options.where);
  }
  if (isJsonObject(value)) return { value, text };
  throw new SynclineError("INVALID_RECORD", "a record is a JSON object", {
    where: at(options.where, "line 1, column 1"),
  });
}

function notCanonical(text: string, canonical: string, where: string | undefined): SynclineError {
  let offset = 0;
  while (text.charCodeAt(offset) === canonical.charCodeAt(offset)) offset++;
  return new SynclineError("NOT_CANONICAL", "the bytes are not canonical JSON", {
    where: at(where, place(text, offset)),
    hint: "print records by RFC 8785: keys sorted, no white space, no line break at the end",
  });
}
