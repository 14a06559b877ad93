// Proves that hostile input is refused with its own stable code, quickly, without touching the
// prototypes of the process, and without repeating the input in the message.
import { describe, expect, test } from "vitest";
import { isSynclineError, type SynclineError } from "../../src/base/errors.ts";
import { parseJson } from "../../src/base/ingress/parse-json.ts";
import { IMPORT_LINE_BYTES_MAX } from "../../src/base/limits.ts";
import { checkPatch } from "../../src/model/check-patch.ts";
import { parseRecord } from "../../src/model/parse-record.ts";
import { applyUserPatch } from "../../src/model/user-patch.ts";
import { CHANGE, CHANGESET, PURGE, recordBytes, VISIBLE_DOCUMENT } from "./case.ts";
import { HOSTILE_CORPUS, type HostileCase } from "./corpus.ts";

/**
 * How long one input may block the event loop, in milliseconds: the thread's own time, so that a
 * busy machine is not taken for a slow validator.
 */
const BLOCKED_MS_MAX = 100;

const PROTOTYPE_KEYS = Reflect.ownKeys(Object.prototype).length;

/** Feeds a case to its door, and gives what came out. */
function feed(entry: HostileCase["entry"], bytes: Uint8Array): unknown {
  if (entry === "record") return parseRecord(bytes);
  if (entry === "patch") {
    const parsed = parseRecord(bytes);
    if (parsed.kind === "revision") checkPatch(parsed.record);
    return parsed;
  }
  const value = parseJson(bytes, { bytesMax: IMPORT_LINE_BYTES_MAX, where: "input" });
  return entry === "json" ? value : applyUserPatch(VISIBLE_DOCUMENT, value);
}

function refusalOf(hostile: HostileCase, bytes: Uint8Array): { error: SynclineError; ms: number } {
  const start = threadMs();
  try {
    feed(hostile.entry, bytes);
  } catch (error) {
    const ms = threadMs() - start;
    if (isSynclineError(error)) return { error, ms };
    throw error;
  }
  throw new Error("the input was taken");
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

describe("the corpus", () => {
  test("is large, and names each case once", () => {
    expect(HOSTILE_CORPUS.length).toBeGreaterThan(250);
    expect(new Set(HOSTILE_CORPUS.map(({ name }) => name)).size).toBe(HOSTILE_CORPUS.length);
  });

  test("starts from records that are fine", () => {
    for (const base of [CHANGE, CHANGESET, PURGE]) feed("patch", recordBytes(base));
  });

  test("reaches the check of patches with well-formed envelopes", () => {
    for (const { entry, bytes } of HOSTILE_CORPUS) {
      if (entry === "patch") expect(parseRecord(bytes()).kind).toBe("revision");
    }
  });
});

describe("each hostile input is refused", () => {
  test.each(HOSTILE_CORPUS.map((hostile) => [hostile.name, hostile] as const))(
    "%s",
    (_, hostile) => {
      const bytes = hostile.bytes();
      let { error, ms } = refusalOf(hostile, bytes);
      // A busy machine is no fault of ours: the best of some attempts counts.
      for (let more = 3; ms > BLOCKED_MS_MAX && more > 0; more--) {
        ({ error, ms } = refusalOf(hostile, bytes));
      }
      expect(error.code).toBe(hostile.code);
      expect(ms).toBeLessThan(BLOCKED_MS_MAX);
      expect(error.message.length).toBeLessThan(160);
      expect((error.where ?? "").length).toBeLessThan(160);
      expect(Reflect.ownKeys(Object.prototype)).toHaveLength(PROTOTYPE_KEYS);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  );
});
