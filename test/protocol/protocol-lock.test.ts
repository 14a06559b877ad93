// Proves that no message changes unnoticed: the hash of all message schemas is kept here beside
// the protocol version, and the two have to be changed together, with a line in the history of
// src/protocol/version.ts and in docs/protocol.md.
import { expect, test } from "vitest";
import { z } from "zod";
import { canonicalize } from "../../src/base/canonical.ts";
import { sha256Hex } from "../../src/base/hash.ts";
import type { Json } from "../../src/base/json.ts";
import { batchHeader } from "../../src/protocol/batch.ts";
import { CONTROL_SCHEMAS } from "../../src/protocol/control.ts";
import { PROTOCOL_VERSION, PROTOCOL_VERSION_MIN } from "../../src/protocol/version.ts";

/** By protocol version. A released version's line is never edited, only followed by another. */
const lock: Readonly<Record<number, string>> = {
  1: "ca27d70ba5a5cb4957cb9a89b61a4125e5796ba478332a4bcd05607b6eebcbad",
};

test("the message schemas are those of the protocol version", () => {
  const schemas = { ...CONTROL_SCHEMAS, batch: batchHeader };
  const json = Object.fromEntries(
    Object.entries(schemas).map(([m, schema]) => [m, z.toJSONSchema(schema) as Json]),
  );
  expect(sha256Hex(canonicalize(json))).toBe(lock[PROTOCOL_VERSION]);
});

test("the range of versions is one", () => {
  expect(PROTOCOL_VERSION_MIN).toBeLessThanOrEqual(PROTOCOL_VERSION);
});
