import { Readable } from "node:stream";
import { z } from "zod";
import { SynclineError } from "../base/errors.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { isJsonObject } from "../base/json.ts";
import { AUTHOR_CHARS_MAX, MESSAGE_CHARS_MAX } from "../base/limits.ts";
import { printPointer } from "../base/pointer.ts";
import { EVENTS_TYPE } from "./events.ts";

/** Any JSON; the strict parser has checked depth, keys and numbers already. */
export const anyJson: z.ZodType<Json> = z.custom<Json>((value) => value !== undefined);
export const anyObject: z.ZodType<JsonObject> = z.custom<JsonObject>(isJsonObject, "not an object");

/** Who and why, in every body that writes. */
export const attribution: {
  readonly author: z.ZodString;
  readonly message: z.ZodDefault<z.ZodString>;
} = {
  author: z.string().min(1).max(AUTHOR_CHARS_MAX),
  message: z.string().max(MESSAGE_CHARS_MAX).default(""),
};

/** The same where what is done says enough without a message. */
export const attributionOptional: {
  readonly author: z.ZodString;
  readonly message: z.ZodOptional<z.ZodString>;
} = { author: attribution.author, message: z.string().max(MESSAGE_CHARS_MAX).optional() };

/** Without the members that zod spells as possibly undefined: JSON has no undefined. */
export function given<T extends object>(
  value: T,
): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}

/** The value in the form that the schema describes. Throws `USAGE` with the place of the misfit. */
export function checked<T>(schema: z.ZodType<T>, value: unknown, what = "the request"): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = printPointer((issue?.path ?? []).map(String));
  throw new SynclineError("USAGE", `${what} does not fit: ${issue?.message ?? "wrong form"}`, {
    ...(where === "" ? {} : { where }),
  });
}

/** A body that is a stream of lines. Throws `USAGE` when the request has none. */
export function bodyLines(body: unknown): Readable {
  if (body instanceof Readable) return body;
  throw new SynclineError("USAGE", "the request has no body", {
    hint: `send lines, with Content-Type: ${EVENTS_TYPE}`,
  });
}
