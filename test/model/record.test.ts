// Proves that a record that was sealed here is taken by every other instance as the same record,
// with the same bytes and hash.
import { describe, expect, test } from "vitest";
import { sha256Hex } from "../../src/base/hash.ts";
import { parseRecord, sealRecord } from "../../src/model/parse-record.ts";
import type { Changeset, Pin, Purge, Revision } from "../../src/model/record.ts";
import { CHANGE, CHANGESET, PURGE, uuid } from "../hostile/case.ts";
import { revisionOf } from "./content-arbitrary.ts";

const pin = { path: "/notes", value: [1], of: [uuid(10)], merged: true } as unknown as Pin;

const records = [
  ["a revision", sealRecord(CHANGE as unknown as Revision)],
  ["a revision with pins", sealRecord(revisionOf([{ op: "remove", path: "/a" }], { pins: [pin] }))],
  ["a changeset", sealRecord(CHANGESET as unknown as Changeset)],
  ["a purge", sealRecord(PURGE as unknown as Purge)],
] as const;

describe.each(records)("%s", (_name, sealed) => {
  test("is read as it was sealed", () => {
    expect(parseRecord(Buffer.from(sealed.text))).toEqual(sealed);
  });

  test("is one canonical line whose hash is that of its bytes", () => {
    expect(sealed.text).not.toContain("\n");
    expect(sealed.hash.toString("hex")).toBe(sha256Hex(Buffer.from(sealed.text)));
  });

  test("is read from the middle of a larger buffer", () => {
    const bytes = Buffer.from(`xx${sealed.text}yy`).subarray(2, -2);
    expect(parseRecord(bytes)).toEqual(sealed);
  });
});

test("fields that are undefined or empty are left out", () => {
  const absent: Pin = { ...pin };
  const loose = {
    ...CHANGE,
    pins: [],
    resolves: undefined,
    patch: [{ op: "remove", path: "/a", value: undefined }],
  } as unknown as Revision;
  const sealed = sealRecord(loose);
  expect(Object.keys(sealed.record)).not.toContain("pins");
  expect(sealed.text).not.toMatch(/pins|resolves|undefined|value/);
  expect(parseRecord(Buffer.from(sealed.text))).toEqual(sealed);

  const { value: _, merged: __, ...bare } = absent;
  const pinned = sealRecord(
    revisionOf(loose.patch, {
      pins: [{ ...bare, value: undefined, merged: undefined } as unknown as Pin],
    }),
  );
  expect(pinned.text).toContain(`"pins":[{"of":["${uuid(10)}"],"path":"/notes"}]`);
});

test("a newer format says so", () => {
  const bytes = Buffer.from(sealRecord({ ...(CHANGE as unknown as Revision), v: 2 as 1 }).text);
  expect(() => parseRecord(bytes)).toThrowError(
    expect.objectContaining({ code: "INVALID_RECORD", hint: expect.stringContaining("newer") }),
  );
});
