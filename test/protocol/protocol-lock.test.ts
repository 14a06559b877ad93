// Proves that no message changes unnoticed: the hash of all message schemas and of a frame of each
// kind is kept here beside the protocol version, and the two have to be changed together, with a
// line in the history of src/protocol/version.ts and in docs/protocol.md.
import { expect, test } from "vitest";
import { z } from "zod";
import { canonicalize } from "../../src/base/canonical.ts";
import { sha256Hex } from "../../src/base/hash.ts";
import type { Json } from "../../src/base/json.ts";
import { batchHeader, encodeBatch } from "../../src/protocol/batch.ts";
import { CONTROL_SCHEMAS, encodeControl } from "../../src/protocol/control.ts";
import { PROTOCOL_VERSION, PROTOCOL_VERSION_MIN } from "../../src/protocol/version.ts";

/** By protocol version. A released version's line is never edited, only followed by another. */
const lock: Readonly<Record<number, string>> = {
  1: "202a84e7aaafc6507a18025f88b9e69995c4f038e78596de6aaacd6109349802",
};

const header = {
  ...{ after: 1, to: 2, chain: "0123456789abcdef".repeat(2), revisions: 1, changesets: 1 },
  rawBytes: 5,
};

test("the messages are those of the protocol version", () => {
  const schemas = { ...CONTROL_SCHEMAS, batch: batchHeader };
  const json = Object.fromEntries(
    Object.entries(schemas).map(([m, schema]) => [m, z.toJSONSchema(schema) as Json]),
  );
  const batch = encodeBatch(header, false, [Buffer.from("zstd")]);
  const frames = {
    control: encodeControl({ m: "ping" }),
    batch: Buffer.from(batch).toString("hex"),
  };
  expect(sha256Hex(canonicalize({ json, frames }))).toBe(lock[PROTOCOL_VERSION]);
});

test("the range of versions is one", () => {
  expect(PROTOCOL_VERSION_MIN).toBeLessThanOrEqual(PROTOCOL_VERSION);
});
