import { z } from "zod";
import type { Json, JsonObject } from "../../base/json.ts";
import * as f from "./fields.ts";

/** Who makes a change and why, the label of its revision, and whether it has to fail. */
export interface Attributed {
  readonly on: string;
  readonly by?: string;
  readonly message?: string;
  readonly as?: string;
  readonly expect?: { readonly error: string };
}

/** What is done on an instance, by the key that says what. */
export interface Actions {
  readonly create: Attributed & { readonly create: string; readonly value?: JsonObject };
  readonly set: Attributed & { readonly set: string; readonly value: JsonObject };
  readonly patch: Attributed & { readonly patch: string; readonly ops: readonly JsonObject[] };
  readonly rename: Attributed & { readonly rename: string; readonly to: string };
  readonly delete: Attributed & { readonly delete: string };
  readonly undelete: Attributed & { readonly undelete: string };
  readonly purge: Attributed & { readonly purge: string; readonly reason?: string };
  readonly shun: Attributed & { readonly shun: string };
  readonly tag: Attributed & { readonly tag: string; readonly tags: readonly string[] };
  readonly untag: Attributed & { readonly untag: string; readonly tags: readonly string[] };
  readonly addResource: Attributed & { readonly addResource: string; readonly value: JsonObject };
  readonly setResource: Attributed & {
    readonly setResource: string;
    /** The resource's name. */
    readonly name: string;
    readonly value: JsonObject;
  };
  readonly removeResource: Attributed & { readonly removeResource: string; readonly name: string };
  readonly resolve: Attributed & {
    readonly resolve: string;
    readonly path: string;
    readonly pick?: string;
    readonly value?: Json;
    readonly keep?: true;
    readonly absent?: true;
  };
  readonly resolveAll: Attributed & {
    readonly resolveAll: string;
    readonly type?: string;
    readonly path?: string;
  };
  /** The revisions of another instance, carried in a file: all, or those since a labeled one. */
  readonly importRevisions: {
    readonly on: string;
    readonly importRevisions: string;
    readonly since?: string;
  };
  /** Several objects in one changeset, whose label is that of the changeset. */
  readonly changeset: Attributed & { readonly changeset: readonly Part[] };
  readonly policy: Attributed & { readonly policy: JsonObject };
  readonly adopt: Attributed & { readonly adopt: string };
  readonly crash: { readonly on: string; readonly crash: true; readonly unsynced?: Unsynced };
  readonly restart: { readonly on: string; readonly restart: true };
  readonly update: { readonly on: string; readonly update: f.VersionSpec };
  readonly pause: { readonly on: string; readonly pause: string };
  readonly wipe: { readonly on: string; readonly wipe: true };
  readonly backup: { readonly on: string; readonly backup: string };
  readonly restoreBackup: {
    readonly on: string;
    readonly restoreBackup: string;
    readonly how?: RestoreHow;
  };
  readonly clone: { readonly on: string; readonly clone: string; readonly how?: CloneHow };
  readonly newIdentity: { readonly on: string; readonly newIdentity: true };
  readonly keepIdentity: { readonly on: string; readonly keepIdentity: true };
  readonly linkAgain: { readonly on: string; readonly linkAgain: string };
  readonly setClock: { readonly on: string; readonly setClock: string };
}

/** The edits that may stand in a changeset beside others. */
export type EditKind =
  | ("create" | "set" | "patch" | "rename" | "delete" | "undelete" | "purge" | "shun")
  | ("tag" | "untag" | "addResource" | "setResource" | "removeResource");
type PartOf<K extends EditKind> = Omit<Actions[K], Exclude<keyof Attributed, "as">>;
/** One edit of a changeset; `as` labels its revision. */
export type Part = { readonly [K in EditKind]: PartOf<K> }[EditKind];

/** What of the files that are not synced to disk a power cut leaves: older ones, or none. */
type Unsynced = "older" | "gone";
/** With the product's `restore`, by copying files back, or with the machine's snapshot. */
type RestoreHow = "restore" | "files" | "machine";
/** By copying the folder, or the whole machine. */
type CloneHow = "folder" | "machine";

export type ActionKind = keyof Actions;
export type Action = Actions[ActionKind];

/** What happens to an instance as a whole. */
export type DisasterKind =
  | ("crash" | "restart" | "pause" | "wipe" | "backup" | "restoreBackup")
  | ("clone" | "newIdentity" | "keepIdentity" | "linkAgain");

const attributed = {
  on: f.instanceName,
  by: z.exactOptional(f.text),
  message: z.exactOptional(f.text),
  as: z.exactOptional(f.label),
  expect: z.exactOptional(
    z.strictObject({ error: z.string().regex(/^[A-Z_]+$/, "an error code: OBJECT_NOT_FOUND") }),
  ),
};
const on = f.instanceName;
const value = f.fields.meta({
  description:
    "fields in CKAN form; also `tags: [water]`, `groups: [parks]` and `extras: {key: value}`",
});
const ops = z.array(f.fields).meta({ description: "RFC 6902 on the stored document" });

/** What edits say beside the object that they are about. */
const EDITS: Readonly<Record<EditKind, z.core.$ZodShape>> = {
  create: { value: z.exactOptional(value) },
  set: { value },
  patch: { ops },
  rename: { to: f.text },
  delete: {},
  undelete: {},
  purge: { reason: z.exactOptional(f.text) },
  shun: {},
  tag: { tags: z.array(f.text).min(1) },
  untag: { tags: z.array(f.text).min(1) },
  addResource: { value },
  setResource: { name: f.text, value },
  removeResource: { name: f.text },
};
const EDIT_KINDS = Object.keys(EDITS) as EditKind[];

/** A change of one object; `key` says what is done, its value to which. */
function change(key: ActionKind, more: z.core.$ZodShape): z.ZodType {
  return z.strictObject({ [key]: f.objectRef, ...attributed, ...more });
}

function deed(key: ActionKind, argument: z.ZodType, more: z.core.$ZodShape = {}): z.ZodType {
  return z.strictObject({ [key]: argument, on, ...more });
}

const part = z
  .union(
    EDIT_KINDS.map((key) =>
      z.strictObject({ [key]: f.objectRef, ...EDITS[key], as: attributed.as }),
    ),
  )
  .meta({ id: "part" });
const edits = Object.fromEntries(EDIT_KINDS.map((key) => [key, change(key, EDITS[key])]));

const SCHEMAS: Readonly<Record<ActionKind, z.ZodType>> = {
  ...(edits as Record<EditKind, z.ZodType>),
  changeset: z.strictObject({ changeset: z.array(part).min(1), ...attributed }),
  resolve: change("resolve", {
    path: z.string(),
    pick: z.exactOptional(f.label),
    value: z.exactOptional(z.json()),
    keep: z.exactOptional(f.yes),
    absent: z.exactOptional(f.yes),
  }),
  resolveAll: z.strictObject({
    resolveAll: f.text.meta({ description: "newest, oldest, or an instance" }),
    ...attributed,
    type: z.exactOptional(f.text),
    path: z.exactOptional(f.text),
  }),
  importRevisions: z.strictObject({
    importRevisions: f.instanceName,
    on,
    since: z.exactOptional(f.label),
  }),
  policy: z.strictObject({ policy: f.fields, ...attributed }),
  adopt: z.strictObject({ adopt: f.instanceName, ...attributed }),
  crash: deed("crash", f.yes, { unsynced: z.exactOptional(z.enum(["older", "gone"])) }),
  restart: deed("restart", f.yes),
  update: deed(
    "update",
    z.strictObject(f.version).meta({
      title: "{ schema?: 1 | 2, algorithm?: 1 | 2 }",
      description: "the version of the program that it is from now on; it restarts",
    }),
  ),
  pause: deed("pause", f.duration),
  wipe: deed("wipe", f.yes),
  backup: deed("backup", f.label),
  restoreBackup: deed("restoreBackup", f.label, {
    how: z.exactOptional(z.enum(["restore", "files", "machine"])),
  }),
  clone: deed("clone", f.instanceName, { how: z.exactOptional(z.enum(["folder", "machine"])) }),
  newIdentity: deed("newIdentity", f.yes),
  keepIdentity: deed("keepIdentity", f.yes),
  linkAgain: deed("linkAgain", f.instanceName),
  setClock: deed("setClock", z.union([f.duration, f.instant])),
};

export const action: z.ZodType<Action> = z
  .union(Object.values(SCHEMAS))
  .meta({ id: "action" }) as z.ZodType<Action>;

/** What an action does: the key that says so. */
export function actionKind(one: Action | Part): ActionKind {
  const kinds = Object.keys(SCHEMAS) as ActionKind[];
  return kinds.find((kind) => Object.hasOwn(one, kind)) as ActionKind;
}
