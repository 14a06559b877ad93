import type { z } from "zod";
import { SynclineError } from "../base/errors.ts";
import { parseJson } from "../base/ingress/parse-json.ts";
import { isJsonObject, type Json } from "../base/json.ts";
import { CONTROL_BYTES_MAX } from "../base/limits.ts";
import { type Ack, ack } from "./ack.ts";
import { type Bye, bye } from "./bye.ts";
import { type CaughtUp, caughtUp } from "./caught-up.ts";
import { type ErrorMessage, error } from "./error.ts";
import { type Evict, evict } from "./evict.ts";
import * as fields from "./fields.ts";
import { damagedFrame, frameSum } from "./frame-sum.ts";
import { type Hello, hello } from "./hello.ts";
import { type Ping, ping } from "./ping.ts";
import { type Policy, policy } from "./policy.ts";
import { type Pong, pong } from "./pong.ts";
import { type Purges, purges } from "./purges.ts";
import { type Removals, removals } from "./removals.ts";
import { type Resume, resume } from "./resume.ts";
import { type Start, start } from "./start.ts";
import { commonVersion, OWN_VERSIONS, versionError } from "./version.ts";
import { type Welcome, welcome } from "./welcome.ts";

/** Every message that travels as a JSON text frame; `m` tells which. */
export type ControlMessage =
  | Hello
  | Welcome
  | Resume
  | Start
  | Policy
  | Purges
  | Removals
  | Ack
  | CaughtUp
  | Ping
  | Pong
  | Evict
  | ErrorMessage
  | Bye;

/** The schemas by `m`. */
export const CONTROL_SCHEMAS: { readonly [M in ControlMessage["m"]]: z.ZodType<ControlMessage> } = {
  hello,
  welcome,
  resume,
  start,
  policy,
  purges,
  removals,
  ack,
  caughtUp,
  ping,
  pong,
  evict,
  error,
  bye,
};

/** Each message ends with `,"sum":"<8 hexadecimal digits>"}`: the CRC-32 of its text without that. */
const SUM_CHARS = 18;
const SUM_FORM = /^,"sum":"([0-9a-f]{8})"\}$/;

/** The text frame of a message. */
export function encodeControl(message: ControlMessage): string {
  const text = JSON.stringify(message);
  return `${text.slice(0, -1)},"sum":"${sumOf(text)}"}`;
}

function sumOf(text: string): string {
  return frameSum(text).toString(16).padStart(8, "0");
}

/**
 * The message in a text frame. Throws `FRAME_TOO_LARGE`, `FRAME_DAMAGED` or `PROTOCOL_ERROR`; and
 * `PROTOCOL_VERSION` for a HELLO that does not fit because it is of other versions.
 */
export function decodeControl(frame: string): ControlMessage {
  const text = withoutSum(frame);
  const value = parseFrame(text);
  const kind = isJsonObject(value) ? value.m : undefined;
  if (typeof kind !== "string" || !Object.hasOwn(CONTROL_SCHEMAS, kind)) {
    throw new SynclineError("PROTOCOL_ERROR", `unknown message: ${text.slice(0, 60)}`);
  }
  const result = CONTROL_SCHEMAS[kind as ControlMessage["m"]].safeParse(value);
  if (result.success) return result.data;
  if (kind === "hello") checkVersions(value);
  const issue = result.error.issues[0];
  const where = issue?.path.join(".") ?? "";
  throw new SynclineError(
    "PROTOCOL_ERROR",
    `the message "${kind}" does not fit: ${issue?.message}`,
    {
      where,
    },
  );
}

/** A HELLO of other versions may have any form, so its versions are looked for first. */
function checkVersions(value: Json): void {
  const range = fields.versions.safeParse(isJsonObject(value) ? value.v : undefined);
  if (range.success && commonVersion(range.data, OWN_VERSIONS) === undefined) {
    throw versionError(range.data);
  }
}

/** The text that the sender summed up. */
function withoutSum(frame: string): string {
  if (Buffer.byteLength(frame) > CONTROL_BYTES_MAX) {
    throw new SynclineError("FRAME_TOO_LARGE", `a control message over ${CONTROL_BYTES_MAX} bytes`);
  }
  const sum = SUM_FORM.exec(frame.slice(-SUM_CHARS))?.[1];
  if (sum === undefined) {
    const what = "a text frame is no message: it does not end with its checksum";
    throw new SynclineError("PROTOCOL_ERROR", `${what}: ${frame.slice(0, 60)}`);
  }
  const text = `${frame.slice(0, -SUM_CHARS)}}`;
  if (sumOf(text) !== sum) throw damagedFrame("a message");
  return text;
}

function parseFrame(text: string): Json {
  try {
    return parseJson(text, { bytesMax: CONTROL_BYTES_MAX });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SynclineError("PROTOCOL_ERROR", `a text frame is no message: ${why}`, { cause });
  }
}
