import { isUtf8 } from "node:buffer";
import { sha256, sha256Hex } from "../base/hash.ts";
import type { ActorId, ChangesetId, ObjectId, RevisionId } from "../base/ids.ts";
import { JsonTape } from "../base/ingress/json-tape.ts";
import type { Content } from "./content.ts";
import { envelopeOf, type ReadEnvelope } from "./read-envelope.ts";
import type { ParsedRevision, Revision, Write } from "./record.ts";

/** Far below what a record, a document and its leaves may have, so that nothing has to be counted. */
const PLAIN_BYTES_MAX = 128 * 1024;

/** Reads creations one after the other, over one list of tokens. */
export class CreationReader {
  readonly #tape = new JsonTape();

  /** Undefined for what is no such creation, or may be none: it has to be parsed. */
  read(bytes: Uint8Array): PlainCreation | undefined {
    if (bytes.length > PLAIN_BYTES_MAX || !isUtf8(bytes)) return undefined;
    const tape = this.#tape;
    const record = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!tape.read(record) || !tape.isPlain) return undefined;
    const envelope = envelopeOf(tape);
    return envelope && new PlainCreation(tape, envelope);
  }
}

/**
 * A creation that was read without parsing it: its bytes are canonical, its envelope and its patch
 * are what `parseRecord` and `checkPatch` take, and nothing in it is flagged. What is asked of it
 * beyond its envelope is parsed then.
 */
export class PlainCreation implements ParsedRevision {
  readonly kind = "revision";
  readonly record: Revision;
  readonly hash: Buffer;
  /** SHA-256 of the canonical content. */
  readonly contentHash: string;
  /** The record's tokens and the one of the content; good until the next record is read. */
  readonly tape: JsonTape;
  readonly value: number;
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #end: number;

  constructor(tape: JsonTape, envelope: ReadEnvelope) {
    this.tape = tape;
    this.value = envelope.value;
    this.#bytes = tape.bytes;
    this.#start = tape.start[this.value] as number;
    this.#end = tape.end[this.value] as number;
    this.record = new ReadRevision(envelope, this);
    this.hash = sha256(tape.bytes);
    this.contentHash = sha256Hex(tape.bytes.subarray(this.#start, this.#end));
  }

  get text(): string {
    return this.#bytes.toString();
  }

  /** Canonical text of the content. */
  get contentText(): string {
    return this.#bytes.toString("utf8", this.#start, this.#end);
  }

  get content(): Content {
    return JSON.parse(this.contentText) as Content;
  }
}

const NO_PARENTS: readonly RevisionId[] = [];

/** The record of a creation, whose patch is parsed when somebody asks for it. */
class ReadRevision implements Revision {
  readonly v = 1;
  readonly id: RevisionId;
  readonly object: ObjectId;
  readonly type: string;
  readonly parents: readonly RevisionId[] = NO_PARENTS;
  readonly actor: ActorId;
  readonly seq: number;
  readonly hlc: number;
  readonly changeset: ChangesetId;
  readonly schema: number;
  readonly algorithm: number;
  readonly bodyHash: string;
  readonly #creation: { readonly content: Content };

  constructor(envelope: ReadEnvelope, creation: { readonly content: Content }) {
    this.id = envelope.id;
    this.object = envelope.object;
    this.type = envelope.type;
    this.actor = envelope.actor;
    this.seq = envelope.seq;
    this.hlc = envelope.hlc;
    this.changeset = envelope.changeset;
    this.schema = envelope.schema;
    this.algorithm = envelope.algorithm;
    this.bodyHash = envelope.bodyHash;
    this.#creation = creation;
  }

  get patch(): readonly Write[] {
    return [{ op: "add", path: "", value: this.#creation.content }];
  }
}
