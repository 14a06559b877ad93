import { SynclineError } from "../base/errors.ts";
import type { ConflictItem } from "../instance/conflicts/conflict-item.ts";
import { shortPick } from "../instance/conflicts/decisions.ts";
import type { Instance } from "../instance/instance.ts";
import type { Writer } from "../server/writer.ts";
import { ADDED_PACKAGE } from "./edits.ts";

type Say = (text: string) => void;

const TITLE = "/title";
const ADDRESS = "https://ferries.example/live";
const NOTES = "Of all lines, from the boats' own positions.";

/** Ann at hq and Ben at branch edit one package, and neither sees what the other does. */
export async function editApart(hq: Writer, branch: Writer, say: Say): Promise<void> {
  const [ann, ben] = ["Ferry delays, minute by minute", "Ferry punctuality, live"];
  await edit(hq, "ann", { [TITLE]: ann, "/url": ADDRESS });
  say(`At hq, Ann calls ${ADDED_PACKAGE} "${ann}", and gives its address.`);
  await edit(branch, "ben", { [TITLE]: ben, "/notes": NOTES });
  say(`At branch, Ben, who has not seen that, calls it "${ben}", and writes notes.`);
}

async function edit(
  writer: Writer,
  author: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  const patch = Object.entries(fields).map(([path, value]) => ({ op: "add", path, value }));
  await writer.patch(ADDED_PACKAGE, patch, { author, message: "" });
}

/** What both sides have made of the edits. Throws `INTERNAL` if that is not the same. */
export async function describeMerge(hq: Instance, branch: Instance): Promise<string> {
  const [there, here] = await Promise.all([hq.get(ADDED_PACKAGE), branch.get(ADDED_PACKAGE)]);
  if (there.revision !== here.revision || here.heads.length < 2) {
    throw new SynclineError("INTERNAL", `the merges differ: ${there.revision}, ${here.revision}`);
  }
  return (
    `Each side has merged the two edits, into the same revision, ${here.revision.slice(0, 8)}: ` +
    `Ann's address and Ben's notes are in it, and of the two titles the newer one, Ben's.`
  );
}

/** The conflict between the two titles. */
export async function titleConflict(branch: Instance): Promise<ConflictItem> {
  const { items } = await branch.conflicts({ object: ADDED_PACKAGE, path: TITLE, status: "open" });
  const [conflict] = items;
  if (conflict === undefined) throw new SynclineError("INTERNAL", "no conflict of titles");
  return conflict;
}

/** How `conflicts resolve` is told that Ann is right. */
export interface Decision {
  readonly id: string;
  readonly pick: string;
}

export function forAnn(conflict: ConflictItem): Decision {
  const ann = conflict.candidates.find(({ author }) => author === "ann");
  return { id: conflict.id.slice(0, 8), pick: shortPick(ann?.revision ?? "", conflict) };
}

/** What the decision has come to at hq. Throws `INTERNAL` if it has not come there. */
export async function describeDecision(hq: Instance, { id }: ConflictItem): Promise<string> {
  const { status } = await hq.conflict(id);
  const { document } = await hq.get(ADDED_PACKAGE);
  if (status !== "resolved") throw new SynclineError("INTERNAL", `at hq the conflict is ${status}`);
  return `At hq too the title is "${document?.title}" now, and the conflict is resolved.`;
}
