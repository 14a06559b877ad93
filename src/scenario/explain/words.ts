import type { Action, ActionKind, Actions, Part } from "../format/actions.ts";
import { actionKind } from "../format/actions.ts";
import type { After, Fault, FaultKind, Faults } from "../format/faults.ts";
import { faultKind } from "../format/faults.ts";
import { counted, fieldWords, valueWords } from "./value-words.ts";

type Words<M> = { readonly [K in keyof M]: (one: M[K]) => string };

const list = (items: readonly string[]): string => items.join(" and ");
const fieldsOf = (value: object = {}): string => {
  const fields = fieldWords(value);
  return fields === "" ? "" : ` (${fields})`;
};
const lasts = (one: { readonly for?: string }): string => {
  return one.for === undefined ? "" : ` for ${one.for}`;
};

const ACTION_WORDS: Words<Actions> = {
  create: (one) => `creates ${one.create}${fieldsOf(one.value)}`,
  set: (one) => `edits ${one.set}${fieldsOf(one.value)}`,
  patch: (one) => `patches ${one.patch} (${one.ops.length} operations)`,
  rename: (one) => `renames ${one.rename} to ${one.to}`,
  delete: (one) => `deletes ${one.delete}`,
  undelete: (one) => `restores ${one.undelete}`,
  purge: (one) => `purges ${one.purge}${one.reason === undefined ? "" : ` (${one.reason})`}`,
  shun: (one) => `shuns ${one.shun}`,
  tag: (one) => `tags ${one.tag} with ${list(one.tags)}`,
  untag: (one) => `takes ${list(one.tags)} off ${one.untag}`,
  addResource: (one) => `adds a resource to ${one.addResource}${fieldsOf(one.value)}`,
  setResource: (one) => `edits resource "${one.name}" of ${one.setResource}${fieldsOf(one.value)}`,
  removeResource: (one) => `removes resource "${one.name}" from ${one.removeResource}`,
  resolve: (one) => `decides ${one.path} of ${one.resolve}: ${choiceOf(one)}`,
  resolveAll: (one) => {
    const of = one.type === undefined ? "" : ` of ${one.type}s`;
    const at = one.path === undefined ? "" : ` at ${one.path}`;
    return `decides all open conflicts${of}${at}: takes ${one.resolveAll}`;
  },
  importRevisions: (one) => {
    const since = one.since === undefined ? "" : ` since ${one.since}`;
    return `imports a file of the revisions of ${one.importRevisions}${since}`;
  },
  changeset: (one) => `changes at once: ${one.changeset.map(partWords).join("; ")}`,
  policy: (one) => `changes the policy${fieldsOf(one.policy)}`,
  adopt: (one) => `adopts the policy of ${one.adopt}`,
  crash: ({ unsynced }) => (unsynced === undefined ? "crashes" : UNSYNCED_WORDS[unsynced]),
  restart: () => "restarts",
  update: (one) => `is updated: ${versionWords(one.update)}`,
  pause: (one) => `is stopped for ${one.pause}, its connections stay`,
  wipe: () => "loses everything, and is set up anew",
  backup: (one) => `makes the backup ${one.backup}`,
  restoreBackup: ({ restoreBackup, how = "restore" }) =>
    `goes back to the backup ${restoreBackup}${RESTORE_WORDS[how]}`,
  clone: ({ clone, how = "folder" }) =>
    `is there twice: ${how === "folder" ? "a copy of its folder" : "its machine copied"} runs as ${clone}`,
  newIdentity: () => "gets an identity of its own",
  keepIdentity: () => "is said to be the one that goes on",
  linkAgain: (one) => `removes its link to ${one.linkAgain}, and adds it again`,
  setClock: (one) => `has its clock set: ${one.setClock}`,
};

const UNSYNCED_WORDS = {
  older: "loses power, files that were not synced are older ones",
  gone: "loses power, and the files that were not synced",
} as const;
const RESTORE_WORDS = {
  restore: "",
  files: ", whose file was copied back",
  machine: ", with the snapshot of its machine",
} as const;

/** What a version of the program knows: `schema 2, algorithm 1`. */
export function versionWords({ schema = 1, algorithm = 1 }: Actions["update"]["update"]): string {
  return `schema ${schema}, algorithm ${algorithm}`;
}

function choiceOf({ pick, value, keep, absent }: Actions["resolve"]): string {
  if (pick !== undefined) return `takes ${pick}`;
  if (keep === true) return "keeps what was chosen";
  return absent === true ? "removes it" : `sets ${valueWords(value)}`;
}

/** What an edit of a changeset does: `edits package/pump (title "Pump") → p2`. */
function partWords(part: Part): string {
  const words = ACTION_WORDS[actionKind(part)] as (one: Part) => string;
  return `${words(part)}${part.as === undefined ? "" : ` → ${part.as}`}`;
}

/** What an action does, without who does it: `edits package/pump (title "Pump")`. */
export function actionWords(one: Action): string {
  const words = ACTION_WORDS[actionKind(one)] as (one: Actions[ActionKind]) => string;
  const by = "by" in one && one.by !== undefined ? `, by ${one.by}` : "";
  const why = "message" in one && one.message !== undefined ? `, "${one.message}"` : "";
  const as = "as" in one && one.as !== undefined ? ` → ${one.as}` : "";
  const fails =
    "expect" in one && one.expect !== undefined ? ` — refused: ${one.expect.error}` : "";
  return `${words(one)}${by}${why}${as}${fails}`;
}

const FAULT_WORDS: Words<Faults> = {
  cut: (one) => `the connection of ${list(one.cut)} is cut${lasts(one)}`,
  halfOpen: (one) => `the connection of ${list(one.halfOpen)} goes dead silently${lasts(one)}`,
  delay: (one) => `frames between ${list(one.delay)} take ${one.by} longer${lasts(one)}`,
  slow: (one) => `${list(one.slow)} have ${one.bytesPerSecond} bytes a second${lasts(one)}`,
  duplicate: (one) => `a second session of ${list(one.duplicate)} begins`,
  late: (one) => `frames between ${list(one.late)} arrive ${one.by} late`,
  crash: (one) => `${one.crash} crashes${lasts(one)}`,
  pause: (one) => `${one.pause} is stopped for ${one.for}`,
  diskFull: (one) => `the disk of ${one.diskFull} is full${lasts(one)}`,
  ioError: (one) => `the disk of ${one.ioError} reports errors${lasts(one)}`,
};

export function faultWords(one: Fault): string {
  return (FAULT_WORDS[faultKind(one)] as (one: Faults[FaultKind]) => string)(one);
}

/** When something amid a sync happens. */
export function afterWords(after: After): string {
  if ("time" in after) return `after ${after.time}`;
  if ("commits" in after) {
    return `after ${counted(after.commits, "commit")}${after.on === undefined ? "" : ` on ${after.on}`}`;
  }
  return `after ${counted(after.frames, "frame")}${after.from === undefined ? "" : ` from ${after.from}`}`;
}
