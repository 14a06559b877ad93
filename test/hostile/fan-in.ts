// One object with as many heads as somebody likes: every record is valid, and has to be merged.
import { canonicalize } from "../../src/base/canonical.ts";
import { sha256Hex } from "../../src/base/hash.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { CHANGE, CHANGESET, recordBytes, uuid } from "./case.ts";
import type { EvilEntry } from "./evil-log.ts";

const FIRST = 4_000_000;
const APART = 1_000_000;
const HLC = 1_768_471_200_000_000;

/** A creation, and so many edits of its notes that know of nothing but it; several by number. */
export function fanIn(
  heads: number,
  notes: (number: number) => string,
  which = 0,
): readonly EvilEntry[] {
  const first = FIRST + which * APART;
  const [object, creation, changeset] = [uuid(first), uuid(first + 1), uuid(first + 900_000)];
  const content = (text: string): JsonObject => ({ name: `wide-open-${which}`, notes: text });
  const record = (number: number, fields: JsonObject, after: JsonObject): EvilEntry => {
    const id = uuid(first + 1 + number);
    const bodyHash = sha256Hex(canonicalize(after));
    const of = { id, changeset, object, seq: first + number, hlc: HLC + number, bodyHash };
    return { id, bytes: recordBytes(CHANGE, { ...of, ...fields }) };
  };
  const start = content(notes(0));
  const created = { parents: [], patch: [{ op: "add", path: "", value: start }] };
  const edits = Array.from({ length: heads }, (_, at) => {
    const value = notes(at + 1);
    const patch = [{ op: "replace", path: "/notes", value }];
    return record(at + 1, { parents: [creation], patch }, content(value));
  });
  return [
    { bytes: recordBytes(CHANGESET, { id: changeset }) },
    record(0, created, start),
    ...edits,
  ];
}
