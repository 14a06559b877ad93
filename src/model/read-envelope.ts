import type { ActorId, ChangesetId, ObjectId, RevisionId } from "../base/ids.ts";
import { type JsonTape, TOKEN } from "../base/ingress/json-tape.ts";
import { TYPE_CHARS_MAX } from "../base/limits.ts";
import { TYPE_FORM } from "./check-envelope.ts";
import type { Revision } from "./record.ts";

/** The envelope of a creation, and the token of its content. */
export interface ReadEnvelope extends Omit<Revision, "v" | "parents" | "patch"> {
  readonly value: number;
}

/** Every creation has these fields and no others, in this order. */
const PLACES = {
  ...{ actor: 0, algorithm: 1, bodyHash: 2, changeset: 3, hlc: 4, id: 5, object: 6 },
  ...{ parents: 7, patch: 8, schema: 9, seq: 10, type: 11, v: 12 },
} as const;
const FIELDS = Object.keys(PLACES).map((field) => Buffer.from(field));
const WRITE_FIELDS = ["op", "path", "value"].map((field) => Buffer.from(field));
const ADD = Buffer.from("add");
const WHOLE = Buffer.alloc(0);
const NO_PARENTS = Buffer.from("[]");
const VERSION = Buffer.from("1");

const UUID_CHARS = 36;
const HASH_CHARS = 64;
const HYPHEN = 0x2d;
const SLASH = 0x2f;

/** The envelope in a record's tokens; undefined unless it is a creation's and has no fault. */
export function envelopeOf(tape: JsonTape): ReadEnvelope | undefined {
  if (tape.kind[0] !== TOKEN.map) return undefined;
  const tokens = membersOf(tape, 0, FIELDS);
  if (tokens === undefined) return undefined;
  const at = (field: keyof typeof PLACES): number => tokens[PLACES[field]] as number;
  if (!isToken(tape, at("parents"), TOKEN.list, NO_PARENTS)) return undefined;
  if (!isToken(tape, at("v"), TOKEN.number, VERSION)) return undefined;
  const envelope = {
    value: contentIn(tape, at("patch")) ?? 0,
    actor: actorAt(tape, at("actor")),
    algorithm: countAt(tape, at("algorithm")),
    bodyHash: hashAt(tape, at("bodyHash")),
    changeset: uuidAt<ChangesetId>(tape, at("changeset")),
    hlc: countAt(tape, at("hlc")),
    id: uuidAt<RevisionId>(tape, at("id")),
    object: uuidAt<ObjectId>(tape, at("object")),
    schema: countAt(tape, at("schema")),
    seq: countAt(tape, at("seq")),
    type: typeAt(tape, at("type")),
  };
  for (const field in envelope) if (!envelope[field as keyof typeof envelope]) return undefined;
  return envelope as ReadEnvelope;
}

/** The tokens of a map's values if it has exactly these keys. */
function membersOf(tape: JsonTape, map: number, keys: readonly Buffer[]): number[] | undefined {
  const values: number[] = [];
  const end = tape.next[map] as number;
  let token = map + 1;
  for (const key of keys) {
    if (token >= end || !isToken(tape, token, TOKEN.key, key)) return undefined;
    values.push(token + 1);
    token = tape.next[token + 1] as number;
  }
  return token === end ? values : undefined;
}

function isToken(tape: JsonTape, token: number, kind: number, text: Buffer): boolean {
  const { bytes, start, end } = tape;
  const from = start[token] as number;
  const { length } = text;
  if (tape.kind[token] !== kind || (end[token] as number) - from !== length) return false;
  for (let at = 0; at < length; at++) if (bytes[from + at] !== text[at]) return false;
  return true;
}

/** The token of the document in a patch that adds it whole. */
function contentIn(tape: JsonTape, patch: number): number | undefined {
  const write = patch + 1;
  const isOne = tape.kind[patch] === TOKEN.list && tape.kind[write] === TOKEN.map;
  if (!isOne || tape.next[write] !== tape.next[patch]) return undefined;
  const tokens = membersOf(tape, write, WRITE_FIELDS);
  if (tokens === undefined) return undefined;
  const [op, path, value] = tokens as [number, number, number];
  const isAdd = isToken(tape, op, TOKEN.text, ADD);
  const isWhole = isToken(tape, path, TOKEN.text, WHOLE);
  return isAdd && isWhole && tape.kind[value] === TOKEN.map ? value : undefined;
}

/** 0, which no count is, for anything but an integer from 1 on. */
function countAt({ bytes, kind, start, end }: JsonTape, token: number): number {
  if (kind[token] !== TOKEN.number) return 0;
  const count = Number(bytes.toString("latin1", start[token], end[token]));
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

function uuidAt<Id extends string>(tape: JsonTape, token: number): Id | undefined {
  const { bytes, kind, start, end } = tape;
  const from = start[token] as number;
  const isUuid = end[token] === from + UUID_CHARS && isUuidIn(bytes, from);
  if (kind[token] !== TOKEN.text || !isUuid) return undefined;
  return bytes.toString("latin1", from, end[token]) as Id;
}

function isUuidIn(bytes: Buffer, from: number): boolean {
  for (let at = 0; at < UUID_CHARS; at++) {
    const byte = bytes[from + at];
    const isPlaced = at === 8 || at === 13 || at === 18 || at === 23;
    if (isPlaced ? byte !== HYPHEN : !isHexDigit(byte)) return false;
  }
  return true;
}

function isHexDigit(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66));
}

/** The actor that was last read: most records have that of the one before. */
let lastActor: { readonly bytes: Buffer; readonly id: ActorId } | undefined;

function actorAt(tape: JsonTape, token: number): ActorId | undefined {
  const { bytes, kind, start, end } = tape;
  if (lastActor !== undefined && isToken(tape, token, TOKEN.text, lastActor.bytes)) {
    return lastActor.id;
  }
  const from = start[token] as number;
  const middle = from + UUID_CHARS;
  const isActor =
    kind[token] === TOKEN.text &&
    end[token] === middle + 1 + UUID_CHARS &&
    bytes[middle] === SLASH &&
    isUuidIn(bytes, from) &&
    isUuidIn(bytes, middle + 1);
  if (!isActor) return undefined;
  const id = bytes.toString("latin1", from, end[token]) as ActorId;
  lastActor = { bytes: Buffer.from(id), id };
  return id;
}

function hashAt({ bytes, kind, start, end }: JsonTape, token: number): string | undefined {
  const from = start[token] as number;
  if (kind[token] !== TOKEN.text || end[token] !== from + HASH_CHARS) return undefined;
  for (let at = 0; at < HASH_CHARS; at++) if (!isHexDigit(bytes[from + at])) return undefined;
  return bytes.toString("latin1", from, end[token]);
}

function typeAt({ bytes, kind, start, end }: JsonTape, token: number): string | undefined {
  const [from, to] = [start[token] as number, end[token] as number];
  if (kind[token] !== TOKEN.text || to - from > TYPE_CHARS_MAX) return undefined;
  const type = bytes.toString("latin1", from, to);
  return TYPE_FORM.test(type) ? type : undefined;
}
