// What a malicious peer may have in its log: each record is well-formed, none may change anything.
import type { JsonObject } from "../../src/base/json.ts";
import { CHANGE, CHANGESET, type Fields, recordBytes, uuid } from "./case.ts";
import type { EvilEntry } from "./evil-log.ts";

export interface Flood {
  readonly name: string;
  /** What the victim says of each entry; several where some wait for others. */
  readonly codes: readonly string[];
  readonly entries: () => readonly EvilEntry[];
}

/** What the victim holds already: an id to reuse, and the actor it authors as. */
export interface Known {
  readonly revision: JsonObject & { readonly id: string };
  readonly ownActor: string;
}

const change = (number: number, fields: Fields = {}): EvilEntry => {
  const id = uuid(1_000_000 + number);
  const unknown = { parents: [uuid(2_000_000 + number)], object: uuid(3_000_000 + number) };
  return { id, bytes: recordBytes(CHANGE, { id, seq: number + 1, ...unknown, ...fields }) };
};

const many = (count: number, make: (number: number) => EvilEntry): EvilEntry[] =>
  Array.from({ length: count }, (_, number) => make(number));

const creation = (number: number, value: JsonObject, more: Fields = {}): EvilEntry =>
  change(number, { parents: [], patch: [{ op: "add", path: "", value }], ...more });

const changeset: EvilEntry = { bytes: recordBytes(CHANGESET) };
const sortedIds = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, number) => uuid(from + number));

export function floods({ revision, ownActor }: Known): readonly Flood[] {
  return [
    {
      name: "20,000 edits of what nobody has",
      codes: ["PARENT_MISSING"],
      entries: () => [changeset, ...many(20_000, (number) => change(number))],
    },
    {
      name: "5,000 pairs that each wait for the other",
      codes: ["PARENT_MISSING"],
      entries: () => [
        changeset,
        ...many(10_000, (number) => change(number, { parents: [uuid(1_000_000 + (number ^ 1))] })),
      ],
    },
    {
      name: "400 edits with 4,096 parents each",
      codes: ["PARENT_MISSING"],
      entries: () => [
        changeset,
        ...many(400, (number) => change(number, { parents: sortedIds(5_000_000, 4096) })),
      ],
    },
    {
      name: "a chain of 10,000 edits whose first one is missing",
      codes: ["PARENT_MISSING"],
      entries: () => [
        changeset,
        ...many(10_000, (number) =>
          change(number, {
            object: uuid(3_000_000),
            parents: [uuid(1_000_000 + number - 1)],
            hlc: 1768471200000000 + number,
          }),
        ),
      ],
    },
    {
      name: "300 packages of 100 kB with wrong hashes",
      codes: ["BODY_HASH_MISMATCH"],
      entries: () => [
        changeset,
        ...many(300, (number) =>
          creation(number, { name: `p-${number}`, notes: "x".repeat(100_000) }),
        ),
      ],
    },
    {
      name: "20 packages of 50,000 fields with wrong hashes",
      codes: ["BODY_HASH_MISMATCH"],
      entries: () => [changeset, ...many(20, (number) => creation(number, fields(50_000)))],
    },
    {
      name: "2,000 packages without their changeset",
      codes: ["CHANGESET_MISSING"],
      entries: () =>
        many(2_000, (number) => creation(number, { name: "x" }, { changeset: uuid(7_000_000) })),
    },
    {
      name: "5,000 other records under an id that is taken",
      codes: ["ID_REUSED"],
      entries: () =>
        many(5_000, (number) => ({
          id: revision.id,
          bytes: recordBytes(revision, { seq: 1_000 + number }),
        })),
    },
    {
      name: "1,000 revisions in the victim's name, with numbers far ahead",
      codes: ["SEQUENCE_AHEAD", "BODY_HASH_MISMATCH"],
      entries: () => [
        changeset,
        ...many(1_000, (number) =>
          creation(number, { name: "x" }, { actor: ownActor, seq: 2 ** 52 + number }),
        ),
      ],
    },
  ];
}

function fields(count: number): JsonObject {
  const keys = Array.from({ length: count }, (_, number) => [`f${number + 100_000}`, number]);
  return { extras: Object.fromEntries(keys) as JsonObject, name: "wide" };
}
