import { SynclineError } from "../../base/errors.ts";
import { parseJson } from "../../base/ingress/parse-json.ts";
import type { Json } from "../../base/json.ts";
import { DOCUMENT_BYTES_MAX } from "../../base/limits.ts";
import { parsePointer } from "../../base/pointer.ts";

/** One `--set`: where and what. */
export interface FieldWrite {
  readonly keys: readonly string[];
  readonly path: string;
  readonly value: Json;
}

/** The `--set /path=value` options. Throws `USAGE`, `INVALID_POINTER`. */
export function parseSets(options: readonly string[]): FieldWrite[] {
  return options.map((option) => {
    const equals = option.indexOf("=");
    if (equals < 1) {
      throw new SynclineError("USAGE", "--set needs a path and a value", {
        where: `--set ${option}`,
        hint: "for example --set '/title=Bus stops'",
      });
    }
    const path = option.slice(0, equals);
    const keys = parsePointer(path);
    return { path, keys, value: parseValue(option.slice(equals + 1)) };
  });
}

/** JSON when it is JSON, else the text itself: `true` and `12` are values, `Bus stops` is text. */
function parseValue(text: string): Json {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  return parseJson(text, { bytesMax: DOCUMENT_BYTES_MAX, where: "--set" });
}
