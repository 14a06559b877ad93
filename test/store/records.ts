/**
 * Records made by hand, field by field as docs/format.md has them, so that tests can send what no
 * instance would author. Hashes come from node:crypto and not from the code under test.
 */
import { createHash } from "node:crypto";
import { canonicalize } from "../../src/base/canonical.ts";
import type { ObjectId, RevisionId } from "../../src/base/ids.ts";
import type { Json, JsonObject } from "../../src/base/json.ts";
import type { Rung } from "../../src/store/rows.ts";
import type { ApplyBatch } from "../../src/store/store.ts";

export interface Made {
  readonly id: RevisionId;
  readonly record: JsonObject;
  /** The canonical line. */
  readonly text: string;
  /** The content after it. */
  readonly content: JsonObject;
}

/** Fields to replace; undefined takes one away. */
export type Fields = { readonly [field: string]: Json | undefined };

export const EPOCH = "00000000-0000-4000-9000-0000000000e0";

/** A UUID (version 7 in form) that ends in the given number. */
export function uuid<Id extends string = string>(n: number): Id {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, "0")}` as Id;
}

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Someone elsewhere who authors: numbers revisions and lets time pass. */
export class Author {
  readonly actor: string;
  seq = 0;
  hlc = 1_700_000_000_000_000;
  readonly #ids: number;

  constructor(n: number, epoch: string = EPOCH) {
    this.actor = `${uuid(0xa0000 + n)}/${epoch}`;
    this.#ids = n * 0x1000000;
  }

  get instance(): string {
    return this.actor.slice(0, 36);
  }

  #id<Id extends string>(): Id {
    return uuid<Id>(this.#ids + this.hlc++ - 1_700_000_000_000_000);
  }

  changeset(fields: Fields = {}): Made {
    const id = this.#id<RevisionId>();
    const { actor, hlc } = this;
    return made({ v: 1, id, actor, hlc, author: "ana", message: "a change", ...fields }, {});
  }

  create(object: ObjectId, content: JsonObject, changeset: Made, fields: Fields = {}): Made {
    const patch = [{ op: "add", path: "", value: content }];
    return this.#revision(object, [], patch, content, changeset, fields);
  }

  /** A change that sets top-level fields. */
  set(parent: Made, values: JsonObject, changeset: Made, fields: Fields = {}): Made {
    const content = { ...parent.content, ...values };
    const patch = Object.keys(values)
      .sort()
      .map((key) => ({
        op: Object.hasOwn(parent.content, key) ? "replace" : "add",
        path: `/${key}`,
        value: values[key] as Json,
      }));
    return this.revise(parent, patch, content, changeset, fields);
  }

  revise(
    parent: Made,
    patch: Json,
    content: JsonObject,
    changeset: Made,
    fields: Fields = {},
  ): Made {
    const object = parent.record.object as ObjectId;
    const own = { type: parent.record.type as string, ...fields };
    return this.#revision(object, [parent.id], patch, content, changeset, own);
  }

  #revision(
    object: ObjectId,
    parents: readonly RevisionId[],
    patch: Json,
    content: JsonObject,
    changeset: Made,
    fields: Fields,
  ): Made {
    const id = this.#id<RevisionId>();
    const bodyHash = sha256(canonicalize(content));
    const record = {
      ...{ v: 1, id, object, type: "note", parents, actor: this.actor, seq: ++this.seq },
      ...{ hlc: this.hlc, changeset: changeset.id, schema: 1, algorithm: 1, patch, bodyHash },
      ...fields,
    };
    return made(record, content);
  }
}

function made(fields: Fields, content: JsonObject): Made {
  const members = Object.entries(fields).filter(([, value]) => value !== undefined);
  const record = Object.fromEntries(members) as JsonObject;
  return { id: record.id as RevisionId, record, text: canonicalize(record), content };
}

/** An entry of a source's log that is no record here. */
export function unreadable(id: RevisionId): Pick<Made, "id" | "text"> {
  return { id, text: `{"id":"${id}","v":2}` };
}

/** Newline-ended records. */
export function batchOf(...records: readonly (Pick<Made, "text"> | string)[]): Uint8Array {
  const lines = records.map((record) => (typeof record === "string" ? record : record.text));
  return Buffer.from(lines.map((line) => `${line}\n`).join(""));
}

/** The lines of a page or batch. */
export function linesIn(bytes: Uint8Array): string[] {
  return Buffer.from(bytes)
    .toString()
    .split("\n")
    .filter((line) => line !== "");
}

/** The chain after some records, computed from its definition. */
export function chainOver(records: readonly { id: string; text: string }[]): string {
  let chain: Buffer = Buffer.alloc(16);
  for (const { id, text } of records) {
    const idBytes = Buffer.from(id.replaceAll("-", ""), "hex");
    const hash = createHash("sha256").update(text).digest();
    const joined = Buffer.concat([chain, idBytes, hash]);
    chain = createHash("sha256").update(joined).digest().subarray(0, 16);
  }
  return chain.toString("hex");
}

/** The cursor of a batch that is the beginning of its source's log: these entries. */
export function cursorOver(
  ...records: readonly Pick<Made, "id" | "text">[]
): NonNullable<ApplyBatch["cursor"]> {
  const rung = { epoch: EPOCH, lsn: records.length, chain: chainOver(records) };
  return { scope: "all", after: { lsn: 0, chain: chainOver([]) }, rung };
}

/** The cursor of an empty batch: the target stands there already. */
export function cursorAt(scope: string, rung: Rung): NonNullable<ApplyBatch["cursor"]> {
  return { scope, after: rung, rung };
}

export function hex(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "none" : Buffer.from(bytes).toString("hex");
}
