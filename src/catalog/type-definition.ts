import type { ZodType } from "zod";
import type { ObjectId } from "../base/ids.ts";
import type { Json, JsonObject, MutableJsonObject } from "../base/json.ts";
import type { ReferenceLookup } from "./stored.ts";

/** Everything the edge and the engine need to know of an object type. */
export interface TypeDefinition {
  readonly name: string;
  /** The version of the schema that revisions written now carry. */
  readonly version: number;
  /** What the code can live with, for objects that a dump brings; unknown fields pass. */
  readonly schema: ZodType;
  /** What belongs in the fields, for what a person writes here; unknown fields pass. */
  readonly authored: ZodType;
  /** Fields that are lists in CKAN's form and keyed maps in the stored form. */
  readonly lists: Readonly<Record<string, ListField>>;
  /** Containers whose members are units: they are deleted by flag, not leaf by leaf. */
  readonly units: ReadonlySet<string>;
  /** Top-level fields that are not stored: volatile ones, secrets, `id`. */
  readonly dropped: ReadonlySet<string>;
  /** Fields that CKAN's form always has with the same value. */
  readonly fixed: JsonObject;
  /**
   * True when the id of an object created here follows from what it says: created anywhere, it is
   * the same object. Others are just themselves.
   */
  readonly derivesId: boolean;
  /** Fields that are given at creation and that no edit changes: they say which object this is. */
  readonly unchanging: readonly string[];
  /** Fields of CKAN's form in which a person may name an object, beside `owner_org`, tags, groups. */
  readonly named?: readonly NamedField[];
  /**
   * Top-level fields that earlier versions of the schema called otherwise, with the name they had.
   * Never `name`, and nothing that restricts who may see an object: older programs go by the old one.
   */
  readonly renamed?: Readonly<Record<string, string>>;
  /** The id of an object in CKAN's form. */
  identify(input: JsonObject, where: string): ObjectId;
  /** Last changes to the stored form, for what depends on several fields. */
  finishStored?(content: MutableJsonObject, input: JsonObject, context: ReadContext): void;
  /** Last changes to CKAN's form. */
  finishCkan?(output: MutableJsonObject, context: PrintContext): void;
  /** The references in visible content. */
  references?(content: JsonObject): Reference[];
}

/** A field that names an object, under one of several names. */
export interface NamedField {
  readonly fields: readonly string[];
  /** The types that the name is looked for in, in this order. */
  types(form: JsonObject): readonly string[];
}

/** An object that another one refers to, with the type it should have. */
export interface Reference {
  readonly id: string;
  readonly type: string;
}

/** How one list of CKAN's form is stored, and printed again. */
export interface ListField {
  /** The stored value of the list; undefined when there is nothing to store. */
  read(list: Json, context: ReadContext): Json | undefined;
  /** The list to print for the stored value; undefined leaves the field out. */
  print(stored: Json | undefined, context: PrintContext): Json | undefined;
}

export interface ReadContext {
  /** The object being read, and where its form stands in the input, as a JSON pointer. */
  readonly id: ObjectId;
  readonly type: string;
  readonly where: string;
  /** Reads an embedded object, notes it for creation, and gives its id. */
  embed(type: string, input: JsonObject, where: string): ObjectId;
}

export interface PrintContext {
  readonly id: string;
  readonly type: string;
  readonly lookup: ReferenceLookup;
}
