import { asSynclineError, SynclineError } from "../errors.ts";
import type { Json } from "../json.ts";
import { decodeText, type IngressOptions } from "./decode-text.ts";
import { diagnose, tooDeep } from "./diagnose.ts";
import { scanDepth } from "./scan-depth.ts";
import { survey } from "./survey.ts";

/**
 * Parses JSON from outside, strictly: within size and depth, UTF-8, each key once, no keys that
 * reach prototypes, no halves of surrogate pairs, no numbers that a double cannot hold.
 * Throws SynclineError: `INPUT_TOO_LARGE` (also for a key), `INVALID_UTF8`, `TOO_DEEP`,
 * `INVALID_JSON`, `DUPLICATE_KEY`, `FORBIDDEN_KEY`, `LONE_SURROGATE`, `UNSAFE_NUMBER`; `where`
 * gives line and column.
 */
export function parseJson(input: string | Uint8Array, options: IngressOptions): Json {
  const text = decodeText(input, options);
  const scan = scanDepth(text);
  if (scan.tooDeepAt >= 0) throw tooDeep(text, scan.tooDeepAt, options.where);
  const value = parseChecked(text, options.where);
  const found = survey(value, mayHoldHalves(text));
  if (found.sound && found.members === scan.members) return value;
  diagnose(text, options.where);
  throw new SynclineError("INTERNAL", "a refused JSON text has no visible fault");
}

/** JSON.parse, with the place of a fault. */
export function parseChecked(text: string, where: string | undefined): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    diagnose(text, where);
    throw asSynclineError(error);
  }
}

/** False when no string in the text can hold half of a surrogate pair. */
export function mayHoldHalves(text: string): boolean {
  return text.includes("\\u") || !text.isWellFormed();
}
