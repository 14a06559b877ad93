import { SynclineError } from "../base/errors.ts";
import { isUuid } from "../base/ids.ts";
import { isJsonObject, type Json } from "../base/json.ts";
import { checkPath } from "./check-path.ts";
import type { Pin, Revision } from "./record.ts";
import type { WriteTree } from "./write-tree.ts";
import { WrittenLeaves } from "./written-leaves.ts";

const FIELDS = ["merged", "of", "path", "value"];

/**
 * Checks the pins of a revision that writes `tree`: their form, and that no path is both pinned
 * and written. Throws `INVALID_PIN`, and for path and value what a write there would.
 */
export function checkPins(record: Revision, tree: WriteTree): void {
  const leaves = new WrittenLeaves();
  record.pins?.forEach((pin, index) => {
    checkForm(pin, index);
    if (pin.of.includes(record.id)) throw invalid(index, "names its own revision");
    const keys = checkPath(pin.path);
    if (keys.length === 0) throw invalid(index, "pins the whole document");
    leaves.check(keys, pin.value);
    if (tree.writes(keys)) throw invalid(index, "pins a path that the patch writes");
  });
}

function checkForm(pin: Pin, index: number): void {
  const extra = Object.keys(pin).some((field) => !FIELDS.includes(field));
  if (extra) throw invalid(index, "has extra fields");
  if (Object.hasOwn(pin, "merged") && pin.merged !== true) {
    throw invalid(index, "says merged with another value than true");
  }
  if (isJsonObject(pin.value)) throw invalid(index, "pins a map");
  const of: Json | undefined = pin.of;
  if (!Array.isArray(of) || of.length === 0) throw invalid(index, "names no revision");
  for (let i = 0; i < of.length; i++) {
    if (!isUuid(of[i])) throw invalid(index, "names something that is no UUID in lower case");
    if (i > 0 && of[i - 1] >= of[i]) throw invalid(index, "names revisions out of order or twice");
  }
}

function invalid(index: number, why: string): SynclineError {
  return new SynclineError("INVALID_PIN", `pin ${index} ${why}`, { where: `/pins/${index}` });
}
