/** Named cases about texts, merged by Automerge. */

import type { OraclePolicy } from "../../src/oracle/types.ts";
import { DELETE_WINS, EDIT_WINS, TYPE } from "../merge/policies.ts";
import { Tale } from "./tale.ts";

/** The same as EDIT_WINS, with notes as a register. */
const REGISTERS: OraclePolicy = { ...EDIT_WINS, types: { [TYPE]: {} } };

const start = (title: string, notes = "old tide") =>
  new Tale(title).save("o", { set: { "": { notes } } });
const write = (notes: string | undefined, over = "o") => ({ over, set: { "/notes": notes } });
const create = (notes: string) => ({ set: { "": { notes } } });

const bothStand = start("two edits of one text both stand")
  .save("a", write("very old tide"))
  .save("b", write("old tide table"))
  .expect("ab", EDIT_WINS, { "/notes": "very old tide table" }, ["text", "/notes", "ab"])
  .expect("ab", REGISTERS, { "/notes": "old tide table" }, ["value", "/notes", "ab"]);

const keepsThePast = start("a save over an edit and a removal keeps the text's past")
  .save("a", write(undefined))
  .save("b", write("very old tide"))
  .save("d", write("old"))
  .save("e", { over: "ab", set: { "/version": 1 } })
  .expect("abd", EDIT_WINS, { "/notes": "very old" }, ["delete", "/notes", "abd"])
  .expect("de", EDIT_WINS, { "/notes": "very old" }, ["text", "/notes", "bd"]);

const equalTexts = start("equal texts beside a removal are one text")
  .save("a", write(undefined))
  .save("b", write("old tide table"))
  .save("c", write("old tide table"))
  .expect("bc", EDIT_WINS, { "/notes": "old tide table" })
  .expect("abc", EDIT_WINS, { "/notes": "old tide table" }, ["delete", "/notes", "abc"])
  .expect("abc", DELETE_WINS, { "/notes": undefined }, ["delete", "/notes", "abc"]);

const sameCorrection = start("the same change of a text on two sides is one change", "tde tables")
  .save("a", write("tide tables"))
  .save("b", write("tide tables"))
  .save("c", write("all tide tables", "b"))
  .expect("ac", EDIT_WINS, { "/notes": "all tide tables" }, ["text", "/notes", "ac"]);

const sameImport = new Tale("an object that two instances import alike has texts with one origin")
  .save("a", create("old tide"))
  .save("b", create("old tide"))
  .save("c", write("very old tide", "a"))
  .save("d", write("old tide table", "b"))
  .expect("ad", EDIT_WINS, { "/notes": "old tide table" }, ["text", "/notes", "ad"])
  .expect("cd", EDIT_WINS, { "/notes": "very old tide table" }, ["text", "/notes", "cd"]);

const otherImport = new Tale("of two texts that were written apart one stands, whole")
  .save("a", create("the old tide"))
  .save("b", create("the new tide"))
  .save("c", write("the old tide table", "a"))
  .expect("ab", EDIT_WINS, { "/notes": "the new tide" }, ["text", "/notes", "ab"])
  .expect("bc", EDIT_WINS, { "/notes": "the old tide table" }, ["text", "/notes", "bc"]);

const winnersKin = new Tale("of three texts those of the winner's origin are merged")
  .save("a", create("one two"))
  .save("x", write("zero one two", "a"))
  .save("y", create("else"))
  .save("z", write("one two three", "a"))
  .expect("xyz", EDIT_WINS, { "/notes": "zero one two three" }, ["text", "/notes", "xyz"]);

const settles = new Tale("a save settles which of two texts it is")
  .save("a", create("one two"))
  .save("b", create("else"))
  .save("c", write("else more", "b"))
  .save("d", write("one two three", "a"))
  .save("e", { over: "cd", set: { "/version": 1 } })
  .save("f", write("or else", "b"))
  .expect("cdf", EDIT_WINS, { "/notes": "or else more" }, ["text", "/notes", "cdf"])
  .expect("ef", EDIT_WINS, { "/notes": "or else" }, ["text", "/notes", "df"]);

const undone = start("a text that was removed and came back goes back to where it began")
  .save("a", write(undefined))
  .save("c", write("old tide", "a"))
  .save("b", write("old tide table"))
  .expect("bc", EDIT_WINS, { "/notes": "old tide table" }, ["text", "/notes", "bc"]);

const restatedRank = start("a restated merge ranks as the best of the edits behind it")
  .save("a", write("very old tide"))
  .save("b", write("old tide table"))
  .save("c", write("tide"))
  .save("e", { over: "ab", set: { "/version": 1 } })
  .expect("abc", REGISTERS, { "/notes": "tide" }, ["value", "/notes", "abc"])
  .expect("ce", REGISTERS, { "/notes": "tide" }, ["value", "/notes", "ce"]);

const restatedFirst = start("a restated merge ranks as the first of its edits, if that is the best")
  .save("a", { ...write("very old tide"), hlc: 90 })
  .save("b", { ...write("old tide table"), hlc: 20 })
  .save("c", { ...write("tide"), hlc: 60 })
  .save("e", { over: "ab", set: { "/version": 1 } })
  .save("d", { over: "ce", set: { "/saved": 1 }, policy: REGISTERS })
  .expect("ce", REGISTERS, { "/notes": "very old tide table" }, ["value", "/notes", "ce"])
  .expect("d", EDIT_WINS, { "/notes": "very old tide table" });

const restatedLast = start("a restated merge ranks as the last of its edits, if that is the best")
  .save("a", { ...write("very old tide"), hlc: 20 })
  .save("b", { ...write("old tide table"), hlc: 90 })
  .save("c", { ...write("tide"), hlc: 60 })
  .save("e", { over: "ab", set: { "/version": 1 } })
  .expect("ce", REGISTERS, { "/notes": "very old tide table" }, ["value", "/notes", "ce"]);

const pastOfMerge = start("a save over two edits and a removal keeps the past of both", "b d f")
  .save("a", write("a b d f"))
  .save("b", write("b c d f"))
  .save("r", write(undefined))
  .save("d", write("b d e f"))
  .save("e", { over: "abr", set: { "/version": 1 } })
  .expect("abdr", EDIT_WINS, { "/notes": "a b c d e f" }, ["delete", "/notes", "abdr"])
  .expect("de", EDIT_WINS, { "/notes": "a b c d e f" }, ["text", "/notes", "de"]);

const partOfMerge = start("a restated merge stands only while all its edits do", "b d f")
  .save("a", write("a b d f"))
  .save("b", write("b c d f"))
  .save("d", write("b d e f"))
  .save("c", { over: "ab", set: { "/version": 1 } })
  .save("e", { over: "bd", set: { "/saved": 1 }, policy: REGISTERS })
  .expect("ce", EDIT_WINS, { "/notes": "a b d e f" }, ["text", "/notes", "ad"]);

const startsAnew = new Tale("who writes over texts that were written apart begins a new one")
  .save("a", create("the old tide"))
  .save("b", create("a new table"))
  .save("e", write("a very new table", "b"))
  .save("d", write("the tide and a table", "ab"))
  .save("f", write("the tide and a new table", "d"))
  .save("g", write("see the tide and a table", "d"))
  .expect("de", EDIT_WINS, { "/notes": "the tide and a table" }, ["text", "/notes", "de"])
  .expect("fg", EDIT_WINS, { "/notes": "see the tide and a new table" }, ["text", "/notes", "fg"]);

const equalAgain = start("texts that became equal in different ways are one text")
  .save("a", write("new tide"))
  .save("b", write("older tide"))
  .save("c", write("new tide", "b"))
  .save("d", write("new tide table", "ac"))
  .save("e", write("my new tide", "a"))
  .save("f", write("a new tide", "c"))
  .expect("de", EDIT_WINS, { "/notes": "my new tide table" }, ["text", "/notes", "de"])
  .expect("df", EDIT_WINS, { "/notes": "a new tide table" }, ["text", "/notes", "df"]);

const amongThree = new Tale("who writes over three texts, one of them apart, begins a new one too")
  .save("o", create("one two"))
  .save("x", write("zero one two", "o"))
  .save("z", write("one two three", "o"))
  .save("y", create("else"))
  .save("d", write("zero two else", "xyz"))
  .save("e", write("else more", "y"))
  .save("f", write("zero one and two", "x"))
  .expect("de", EDIT_WINS, { "/notes": "else more" }, ["text", "/notes", "de"])
  .expect("df", EDIT_WINS, { "/notes": "zero one and two" }, ["text", "/notes", "df"]);

const twoOfThree = start("of three texts two that became equal do not outvote the third")
  .save("a", write("new tide"))
  .save("b", write("older tide"))
  .save("c", write("new tide", "b"))
  .save("d", write("old tide sheet"))
  .save("e", write("the new tide sheet", "acd"))
  .save("f", write("old tide sheets", "d"))
  .expect("ef", EDIT_WINS, { "/notes": "the new tide sheets" }, ["text", "/notes", "ef"]);

const equalByChance = start("texts that are equal by chance are one text too")
  .save("a", write(undefined))
  .save("c", write("new tide", "a"))
  .save("b", write("new tide"))
  .save("d", write("new tide table", "bc"))
  .save("e", write("my new tide", "b"))
  .save("f", write("a new tide", "c"))
  .expect("de", EDIT_WINS, { "/notes": "my new tide" }, ["text", "/notes", "de"])
  .expect("df", EDIT_WINS, { "/notes": "a new tide table" }, ["text", "/notes", "df"]);

const otherPast = start("the same change of texts with different pasts is two changes")
  .save("a", write("old tides"))
  .save("b", write("old tide", "a"))
  .save("x", write("new tide", "b"))
  .save("y", write("new tide"))
  .save("z", write("new tide table", "y"))
  .expect("xy", EDIT_WINS, { "/notes": "new tide" })
  .expect("xz", EDIT_WINS, { "/notes": "newnew tide table" }, ["text", "/notes", "xz"]);

const number = start("a number among texts is merged with none")
  .save("a", write("very old tide"))
  .save("b", { over: "o", set: { "/notes": 7 } })
  .save("c", write("old tide table"))
  .save("d", { over: "b", set: { "/notes": "seven" } })
  .expect("abc", EDIT_WINS, { "/notes": "very old tide table" }, ["value", "/notes", "abc"])
  .expect("ab", EDIT_WINS, { "/notes": 7 }, ["value", "/notes", "ab"])
  .expect("ad", EDIT_WINS, { "/notes": "seven" }, ["text", "/notes", "ad"]);

const LONG = "long ".repeat(13_108);

const tooLong = start("a text over 64 KiB is merged with none")
  .save("a", write("very old tide"))
  .save("b", write(LONG))
  .save("c", write("old tide table"))
  .expect("ab", EDIT_WINS, { "/notes": LONG }, ["value", "/notes", "ab"])
  .expect("abc", EDIT_WINS, { "/notes": "very old tide table" }, ["value", "/notes", "abc"]);

export const TEXT_CASES: readonly Tale[] = [
  bothStand,
  keepsThePast,
  equalTexts,
  sameCorrection,
  sameImport,
  otherImport,
  winnersKin,
  settles,
  undone,
  restatedRank,
  restatedFirst,
  restatedLast,
  pastOfMerge,
  partOfMerge,
  startsAnew,
  equalAgain,
  amongThree,
  twoOfThree,
  equalByChance,
  otherPast,
  number,
  tooLong,
];
