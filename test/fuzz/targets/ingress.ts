import { isDeepStrictEqual } from "node:util";
import { canonicalize } from "../../../src/base/canonical.ts";
import { parseJson } from "../../../src/base/ingress/parse-json.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import { IMPORT_LINE_BYTES_MAX } from "../../../src/base/limits.ts";
import { checkPatch } from "../../../src/model/check-patch.ts";
import { parseRecord } from "../../../src/model/parse-record.ts";
import { applyUserPatch } from "../../../src/model/user-patch.ts";
import { CHANGE, CHANGESET, PURGE, recordBytes, VISIBLE_DOCUMENT } from "../../hostile/case.ts";
import { HOSTILE_CORPUS } from "../../hostile/corpus.ts";
import { demand, type FuzzTarget } from "../target.ts";

const SEED_BYTES_MAX = 4096;

/** The hostile inputs of a door that are small enough to mutate. */
function hostile(entry: string): Uint8Array[] {
  return HOSTILE_CORPUS.filter((one) => one.entry === entry)
    .map(({ bytes }) => bytes())
    .filter(({ length }) => length <= SEED_BYTES_MAX);
}

/** Any JSON: what is taken is what `JSON.parse` gives, and prints canonically. */
export const ingress: FuzzTarget = {
  name: "ingress",
  seeds: [...hostile("json"), Buffer.from(JSON.stringify({ a: [1, { b: "é\u2028" }], c: null }))],
  feed(bytes) {
    const value = parseJson(bytes, { bytesMax: IMPORT_LINE_BYTES_MAX, where: "input" });
    demand(isDeepStrictEqual(value, JSON.parse(Buffer.from(bytes).toString())), "parsed otherwise");
    const printed = canonicalize(value);
    demand(canonicalize(JSON.parse(printed)) === printed, "canonical text is not stable");
    demand(({} as { polluted?: unknown }).polluted === undefined, "a prototype was changed");
  },
};

/** Records: what is taken is canonical, byte for byte. */
export const record: FuzzTarget = {
  name: "record",
  seeds: [
    ...[CHANGE, CHANGESET, PURGE].map((base) => recordBytes(base)),
    ...hostile("record"),
    ...hostile("patch"),
  ],
  feed(bytes) {
    const parsed = parseRecord(bytes);
    const text = Buffer.from(bytes).toString();
    demand(canonicalize(JSON.parse(text)) === text, "a record that is not canonical was taken");
    demand(parsed.record.id.length === 36, "a record without an id was taken");
    if (parsed.kind === "revision") checkPatch(parsed.record);
  },
};

const PATCHES: readonly object[] = [
  [{ op: "replace", path: "/title", value: "Lakes" }],
  [{ op: "move", from: "/extras/area", path: "/extras/size" }],
  [{ op: "copy", from: "/spatial", path: "/other" }],
  [
    { op: "test", path: "/name", value: "rivers" },
    { op: "remove", path: "/notes" },
  ],
  [{ op: "add", path: "/extras/a~1b", value: { deep: [1, 2, { x: null }] } }],
];

/** Patches that people write: the document stays as it was, and the result is one, too. */
export const patch: FuzzTarget = {
  name: "patch",
  seeds: [...hostile("user-patch"), ...PATCHES.map((one) => Buffer.from(JSON.stringify(one)))],
  feed(bytes) {
    const before = canonicalize(VISIBLE_DOCUMENT);
    const value = parseJson(bytes, { bytesMax: IMPORT_LINE_BYTES_MAX, where: "input" });
    const result: JsonObject = applyUserPatch(VISIBLE_DOCUMENT, value);
    demand(canonicalize(VISIBLE_DOCUMENT) === before, "the document was changed in place");
    const text = canonicalize(result);
    parseJson(text, { bytesMax: IMPORT_LINE_BYTES_MAX, where: "result" });
  },
};
