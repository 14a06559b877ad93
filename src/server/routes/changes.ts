import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { isUuid, type ObjectId, type RevisionId } from "../../base/ids.ts";
import { MESSAGE_CHARS_MAX } from "../../base/limits.ts";
import type { Instance } from "../../instance/instance.ts";
import type { AuthorOutcome, Change } from "../../log/author.ts";
import { anyJson, anyObject, attribution, checked } from "../body.ts";

const objectId = z.custom<ObjectId>(isUuid, "not a UUID");
/** As people name it; its length is checked where it is read, the same on every way. */
const ref = z.string();
const reason = z.string().max(MESSAGE_CHARS_MAX);
const base = {
  object: objectId,
  ifRevision: z.custom<RevisionId>(isUuid, "not a UUID").optional(),
};

/** The changes of an AuthorCommand; objects by id. */
const change = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("put"),
    ...base,
    type: z.string().min(1),
    content: anyObject,
    mode: z.enum(["create", "replace", "absent"]),
  }),
  z.strictObject({ kind: z.literal("set"), ...base, value: anyObject }),
  z.strictObject({ kind: z.literal("patch"), ...base, patch: anyJson }),
  z.strictObject({ kind: z.literal("rename"), ...base, name: z.string() }),
  z.strictObject({ kind: z.literal("delete"), ...base }),
  z.strictObject({ kind: z.literal("undelete"), ...base }),
  z.strictObject({ kind: z.literal("purge"), ...base, reason }),
  z.strictObject({ kind: z.literal("shun"), ...base }),
]);

/** One change to one object, named as people name it, or `changes`: a whole changeset by ids. */
const body = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("changes"), ...attribution, changes: z.array(change).min(1) }),
  z.strictObject({
    kind: z.literal("create"),
    ...attribution,
    type: z.string().min(1),
    value: anyObject,
  }),
  z.strictObject({
    kind: z.literal("set"),
    ...attribution,
    object: ref,
    value: anyObject,
    ifRevision: base.ifRevision,
  }),
  z.strictObject({ kind: z.literal("patch"), ...attribution, object: ref, patch: anyJson }),
  z.strictObject({ kind: z.literal("rename"), ...attribution, object: ref, name: z.string() }),
  z.strictObject({ kind: z.literal("delete"), ...attribution, object: ref }),
  z.strictObject({ kind: z.literal("undelete"), ...attribution, object: ref }),
  z.strictObject({ kind: z.literal("purge"), ...attribution, object: ref, reason }),
  z.strictObject({ kind: z.literal("shun"), ...attribution, object: ref }),
]);

/** `POST /api/v1/changes`: authors one changeset; answers what was stored. */
export function addChangesRoute(app: FastifyInstance, instance: Instance): void {
  app.post("/changes", (request) => author(instance, checked(body, request.body)));
}

async function author(instance: Instance, command: z.infer<typeof body>): Promise<AuthorOutcome> {
  const by = { author: command.author, message: command.message };
  switch (command.kind) {
    case "changes":
      // Zod spells an absent `ifRevision` as possibly undefined; JSON has no undefined.
      return instance.change({ ...by, changes: command.changes as readonly Change[] });
    case "create":
      return instance.create(command.type, command.value, by);
    case "set": {
      const { ifRevision } = command;
      const condition = ifRevision === undefined ? {} : { ifRevision };
      return instance.set(command.object, command.value, { ...by, ...condition });
    }
    case "patch":
      return instance.patch(command.object, command.patch, by);
    case "rename":
      return instance.rename(command.object, command.name, by);
    case "delete":
      return instance.delete(command.object, by);
    case "undelete":
      return instance.undelete(command.object, by);
    case "purge":
      return instance.purge(command.object, { reason: command.reason }, by);
    case "shun":
      return instance.shun(command.object, by);
  }
}
