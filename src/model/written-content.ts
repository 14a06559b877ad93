import type { JsonObject, MutableJsonObject } from "../base/json.ts";
import { parsePointer } from "../base/pointer.ts";
import type { Write } from "./record.ts";

/**
 * What writes put into a content, as a content that holds nothing else; removals put nothing.
 * Undefined when nothing is put. The writes must not clash.
 */
export function writtenContent(writes: readonly Write[]): JsonObject | undefined {
  const whole: MutableJsonObject = {};
  let written: JsonObject | undefined;
  for (const write of writes) {
    if (write.op === "remove") continue;
    const keys = parsePointer(write.path);
    const last = keys.pop();
    if (last === undefined) return write.value as JsonObject;
    let map = whole;
    for (const key of keys) {
      if (!Object.hasOwn(map, key)) map[key] = {};
      map = map[key] as MutableJsonObject;
    }
    map[last] = write.value;
    written = whole;
  }
  return written;
}
