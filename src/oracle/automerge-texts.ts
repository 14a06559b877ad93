/** The text strategy's library: Automerge, with every actor and time given. */
import * as automerge from "@automerge/automerge";
import { sha256Hex } from "../base/hash.ts";
import type { TextHistory, TextLibrary } from "./types.ts";

type Doc = automerge.Doc<{ text: string }>;

const hex = (name: string): string => sha256Hex(name).slice(0, 32);
const docOf = (history: TextHistory): Doc => history as Doc;

export const AUTOMERGE: TextLibrary = {
  start: (text) => {
    const empty = automerge.init<{ text: string }>({ actor: hex("start") });
    return automerge.change(empty, { time: 0 }, (doc) => {
      doc.text = text;
    });
  },
  edit: (history, actor, text) => {
    const own = automerge.clone(docOf(history), { actor });
    return automerge.change(own, { time: 0 }, (doc) => automerge.updateText(doc, ["text"], text));
  },
  merge: ([first, ...others]) => {
    const own = automerge.clone(docOf(first as TextHistory), { actor: hex("anybody") });
    return others.reduce((all, other) => automerge.merge(all, docOf(other)), own);
  },
};
