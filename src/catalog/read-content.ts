import { ByteNames } from "../base/ingress/byte-names.ts";
import { type JsonTape, TOKEN } from "../base/ingress/json-tape.ts";
import { nameSpace } from "../names/claim.ts";
import { uuidOf } from "./identity.ts";
import { RESOURCE_FIELDS, type SearchParts, TEXT_FIELDS } from "./search-fields.ts";

/** The fields that are read, those of the text first. */
const FIELD_NAMES = [
  ...TEXT_FIELDS,
  ...["name", "title", "fullname", "state", "owner_org", "vocabulary_id", "private"],
  ...["resources", "extras", "tags", "groups"],
];
const NAME = FIELD_NAMES.indexOf("name");
const TITLE = FIELD_NAMES.indexOf("title");
const FULL_NAME = FIELD_NAMES.indexOf("fullname");
const STATE = FIELD_NAMES.indexOf("state");
const OWNER = FIELD_NAMES.indexOf("owner_org");
const VOCABULARY = FIELD_NAMES.indexOf("vocabulary_id");
const PRIVATE = FIELD_NAMES.indexOf("private");
const RESOURCES = FIELD_NAMES.indexOf("resources");
const EXTRAS = FIELD_NAMES.indexOf("extras");
const TAGS = FIELD_NAMES.indexOf("tags");
const GROUPS = FIELD_NAMES.indexOf("groups");
const FIELDS = new ByteNames(FIELD_NAMES);
const FIELDS_OF_RESOURCE = new ByteNames(RESOURCE_FIELDS);
const NOWHERE = 0;
/** What the word `true` begins with. */
const TRUE_BYTE = 0x74;

/** {@link SearchParts} without texts that were copied: their tokens, and those of keys. */
export interface ReadParts extends Pick<SearchParts, "name" | "title" | "state" | "owner"> {
  /** The pieces of the text in order, none of them empty. */
  readonly pieces: readonly number[];
  /** Keys. */
  readonly tags: readonly number[];
  readonly groups: readonly number[];
}

/**
 * Reads from the tokens of content in which nothing is flagged what `nameOf`, `nameSpaceOf` and
 * `searchParts` read from the parsed content. The first token of the content is never 0.
 */
export class ReadContent {
  readonly tape: JsonTape;
  /** Where the value of each field stands; 0 for a field that is not there. */
  readonly #fields: number[];

  constructor(tape: JsonTape, content: number) {
    this.tape = tape;
    this.#fields = valuesOf(tape, content, FIELDS, FIELD_NAMES.length);
  }

  get name(): string | null {
    return this.#text(NAME) || null;
  }

  /** What says that a package is not public. */
  get publicity(): { readonly private: boolean; readonly state: string | undefined } {
    const { bytes, start, kind } = this.tape;
    const flag = this.#fields[PRIVATE] as number;
    const isTrue = flag !== NOWHERE && kind[flag] === TOKEN.word;
    const state = this.#isText(this.#fields[STATE] as number) ? this.#text(STATE) : undefined;
    return { private: isTrue && bytes[start[flag] as number] === TRUE_BYTE, state };
  }

  spaceOf(type: string): string {
    const vocabulary = this.#fields[VOCABULARY] as number;
    return nameSpace(type, this.#isText(vocabulary) ? this.#text(VOCABULARY) : undefined);
  }

  get parts(): ReadParts {
    const name = this.#text(NAME);
    const state = this.#fields[STATE] as number;
    const isActive = state === NOWHERE || (this.#isText(state) && this.#text(STATE) === "active");
    return {
      name,
      title: this.#text(TITLE) || this.#text(FULL_NAME) || name,
      state: isActive ? "active" : "draft",
      owner: uuidOf(this.#text(OWNER)) ?? null,
      pieces: this.#pieces(),
      tags: this.#keys(TAGS),
      groups: this.#keys(GROUPS),
    };
  }

  #pieces(): number[] {
    const { kind } = this.tape;
    const pieces: number[] = [];
    for (let field = 0; field < TEXT_FIELDS.length; field++) {
      this.#addPiece(pieces, this.#fields[field] as number);
    }
    for (const key of this.#keys(RESOURCES)) {
      if (kind[key + 1] !== TOKEN.map) continue;
      const values = valuesOf(this.tape, key + 1, FIELDS_OF_RESOURCE, RESOURCE_FIELDS.length);
      for (const value of values) this.#addPiece(pieces, value);
    }
    for (const key of this.#keys(EXTRAS)) this.#addPiece(pieces, key + 1);
    return pieces;
  }

  #addPiece(pieces: number[], token: number): void {
    const { start, end } = this.tape;
    if (this.#isText(token) && start[token] !== end[token]) pieces.push(token);
  }

  #isText(token: number): boolean {
    const kind = this.tape.kind[token];
    return token !== NOWHERE && (kind === TOKEN.text || kind === TOKEN.escaped);
  }

  #text(field: number): string {
    const token = this.#fields[field] as number;
    return this.#isText(token) ? this.tape.textOf(token) : "";
  }

  /** The keys of a container; none when it is absent or no map. */
  #keys(field: number): number[] {
    const { kind, next } = this.tape;
    const map = this.#fields[field] as number;
    const keys: number[] = [];
    if (map === NOWHERE || kind[map] !== TOKEN.map) return keys;
    const end = next[map] as number;
    for (let key = map + 1; key < end; key = next[key + 1] as number) keys.push(key);
    return keys;
  }
}

/** Where the values of some names stand in a map; 0 for those that it does not have. */
function valuesOf(tape: JsonTape, map: number, names: ByteNames, count: number): number[] {
  const { bytes, start, end, next } = tape;
  const values = new Array<number>(count).fill(NOWHERE);
  const close = next[map] as number;
  for (let key = map + 1; key < close; key = next[key + 1] as number) {
    const place = names.find(bytes, start[key] as number, end[key] as number);
    if (place >= 0) values[place] = key + 1;
  }
  return values;
}
