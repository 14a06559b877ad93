// Proves how two programs come to a version that both speak, and what is said when there is none.
import { expect, test } from "vitest";
import { commonVersion, type VersionRange, versionError } from "../../src/protocol/version.ts";

test.each<[VersionRange, VersionRange, number | undefined]>([
  [[1, 1], [1, 1], 1],
  [[1, 2], [1, 1], 1],
  [[1, 2], [2, 3], 2],
  [[1, 3], [2, 4], 3],
  [[1, 1], [2, 2], undefined],
  [[3, 4], [1, 2], undefined],
])("%j and %j come to %s", (a, b, version) => {
  expect(commonVersion(a, b)).toBe(version);
  expect(commonVersion(b, a)).toBe(version);
});

test.each<[VersionRange, VersionRange, RegExp, RegExp]>([
  [[2, 3], [1, 1], /it speaks versions 2 to 3, this one version 1$/, /^update this instance /],
  [[1, 1], [2, 3], /it speaks version 1, this one versions 2 to 3$/, /^update the peer /],
])("%j and %j: says both ranges, and who is to be updated", (peer, own, message, hint) => {
  const error = versionError(peer, own);
  expect(error.code).toBe("PROTOCOL_VERSION");
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(hint);
});
