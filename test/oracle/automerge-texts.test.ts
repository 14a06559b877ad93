// Proves what the oracle's text merges by Automerge rest on: a save without an edit leaves later
// merges as they are, also over a text that somebody removed.
import { describe, expect, test } from "vitest";
import { EDIT_WINS } from "../merge/policies.ts";
import { AUTOMERGE } from "./automerge-texts.ts";
import { History } from "./history.ts";
import { Oracle } from "./oracle.ts";
import { Tale } from "./tale.ts";

function notes(tale: Tale, over: string): unknown {
  const oracle = new Oracle(new History(tale.revisions), EDIT_WINS, AUTOMERGE);
  return oracle.state(tale.frontier(over)).leaves.get("/notes");
}

describe("texts by Automerge", () => {
  const start = (title: string) =>
    new Tale(title).save("o", { set: { "": { notes: "old tide" } } });

  test("two edits of one text both stand", () => {
    const tale = start("two edits")
      .save("a", { over: "o", set: { "/notes": "very old tide" } })
      .save("b", { over: "o", set: { "/notes": "old tide table" } });
    expect(notes(tale, "ab")).toBe("very old tide table");
  });

  test("a save over an edit and a removal keeps the text's past", () => {
    const tale = start("removal")
      .save("a", { over: "o", set: { "/notes": undefined } })
      .save("b", { over: "o", set: { "/notes": "very old tide" } })
      .save("d", { over: "o", set: { "/notes": "old" } })
      .save("e", { over: "ab", set: { "/version": 1 } });
    expect(notes(tale, "abd")).toBe("very old");
    expect(notes(tale, "de")).toBe("very old");
  });

  test("equal texts beside a removal are one text", () => {
    const tale = start("equal texts")
      .save("a", { over: "o", set: { "/notes": undefined } })
      .save("b", { over: "o", set: { "/notes": "old tide table" } })
      .save("c", { over: "o", set: { "/notes": "old tide table" } });
    expect(notes(tale, "bc")).toBe("old tide table");
    expect(notes(tale, "abc")).toBe("old tide table");
  });
});
