// Proves that a derived id is what docs and peers compute: bytes of SHA-256, marked as version 8.
import { expect, test } from "vitest";
import { sha256Hex } from "../../src/base/hash.ts";
import { derivedId } from "../../src/base/ids.ts";

test("a derived id is the start of the hash of its parts' canonical JSON", () => {
  for (let number = 0; number < 20; number++) {
    const hex = sha256Hex(`["syncline/merge",1,{"a":${number},"b":null}]`);
    const [seventh, ninth] = [hex[13], (Number.parseInt(hex[16] as string, 16) & 3) | 8];
    const id = derivedId(["syncline/merge", 1, { b: null, a: number }]);
    expect(id).toBe(
      [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `8${seventh}${hex.slice(14, 16)}`,
        `${ninth.toString(16)}${hex.slice(17, 20)}`,
        hex.slice(20, 32),
      ].join("-"),
    );
  }
});
