import { checkJson } from "../base/ingress/check-json.ts";
import { PAGE_ITEMS_MAX } from "../base/limits.ts";
import { type Edition, THIS_EDITION } from "../log/edition.ts";
import { createObject, editObject } from "./authoring.ts";
import { changingAfter } from "./changing-after.ts";
import { conflictItem } from "./conflicts/conflict-item.ts";
import { findConflict, listConflicts } from "./conflicts/find-conflict.ts";
import { resolveConflict } from "./conflicts/resolve-conflict.ts";
import { resolveConflicts } from "./conflicts/resolve-conflicts.ts";
import { checkChanges } from "./editable.ts";
import { diffRevisions, historyOf } from "./history.ts";
import { identityView, takeNewIdentity } from "./identity.ts";
import { importObjects } from "./importing/import-objects.ts";
import type { Instance } from "./instance.ts";
import { addLink, mapLink } from "./links.ts";
import { mergeDiffs } from "./merge-diffs.ts";
import type { InstanceParts } from "./parts.ts";
import { adoptPolicy, setPolicy } from "./policy.ts";
import { quarantineCalls } from "./quarantine.ts";
import { exportObjects, getObject } from "./reading.ts";
import { rehearse } from "./rehearsal/rehearse.ts";
import { importRecords, recordsSince } from "./revisions.ts";
import { ratingsOf, roleOf, setDefaultRole } from "./roles.ts";
import { setLink } from "./set-link.ts";
import { statusOf } from "./status.ts";
import { type SyncParts, Syncs } from "./syncs.ts";
import { undoRun } from "./undo/undo-run.ts";
import { verifyInstance } from "./verify-instance.ts";

/** What an instance is made of. Everything can be replaced: the simulator brings its own world. */
export interface AssembledParts extends Omit<SyncParts, "edition"> {
  /** What this version knows unless given. */
  readonly edition?: Edition;
  /** What was lost in a restore is asked for before anything is authored; so unless false. */
  readonly recovers?: boolean | undefined;
  /** Makes a copy that can be opened; instances without a folder have none. */
  readonly backup: (target: string) => Promise<void>;
  /** Runs last when the instance is closed. */
  readonly release: () => void;
}

/** An instance made of the given parts, which it closes when it is closed. */
export function assembleInstance(given: AssembledParts): Instance {
  const edition = given.edition ?? THIS_EDITION;
  const syncs = new Syncs({ ...given, edition });
  const instance = callsOf({ ...given, edition }, syncs);
  return given.recovers === false ? instance : changingAfter(instance, () => syncs.recovered());
}

function callsOf(parts: AssembledParts & SyncParts, syncs: Syncs): Instance {
  const { identity, edition, search, store } = parts;
  let closing: Promise<void> | undefined;
  return {
    identity,
    edition,
    store,
    indexed: (lsn) => search.covers(lsn),

    change: async (command) => {
      checkJson(command);
      await checkChanges(store, command.changes, edition);
      return store.author(command);
    },
    create: async (type, value, by) => createObject(parts, type, value, by),
    set: (ref, value, by) => editObject(parts, ref, { kind: "set", value }, by),
    patch: (ref, patch, by) => editObject(parts, ref, { kind: "patch", patch }, by),
    rename: (ref, name, by) => editObject(parts, ref, { kind: "rename", name }, by),
    delete: (ref, by) => editObject(parts, ref, { kind: "delete" }, by),
    undelete: (ref, by) => editObject(parts, ref, { kind: "undelete" }, by),
    purge: (ref, { reason }, by) => editObject(parts, ref, { kind: "purge", reason }, by),
    shun: (ref, by) => editObject(parts, ref, { kind: "shun" }, by),
    import: (lines, options) => importObjects(parts, lines, options),

    get: (ref) => getObject(parts, ref),
    history: (ref) => historyOf(parts, ref),
    diff: (ref, from, to) => diffRevisions(parts, ref, from, to),
    mergeDiffs: (diffs) => mergeDiffs(parts, diffs),
    entries: async (filter) => store.entries(filter),
    export: (options) => exportObjects(parts, options?.type ?? "package"),
    search: async (query) => search.query(query),
    status: () => statusOf(parts, syncs.states()),

    conflicts: (query) => listConflicts(parts, query ?? {}),
    conflict: async (id) => conflictItem(store, await findConflict(store, id)),
    resolveConflict: (id, choice, by) => resolveConflict(parts, id, choice, by),
    resolveConflicts: (rule, by) => resolveConflicts(parts, rule, by),
    policy: async () => (await store.policies()).inForce,
    setPolicy: (policy, by) => setPolicy(parts, policy, by),
    adoptPolicy: (peer, by) => adoptPolicy(parts, peer, by),

    revisionsSince: (since) => recordsSince(parts, since),
    importRevisions: (lines) => importRecords(parts, lines),

    ...roles(parts),
    ...linking(parts, syncs),
    rehearse: (name, options) => rehearse(parts, name, options ?? {}),
    ...quarantineCalls(parts),
    undo: (run, by) => undoRun(parts, run, by),
    verify: (onProgress) => verifyInstance(parts, onProgress),
    whoami: () => identityView(parts),
    takeNewIdentity: (options) => takeNewIdentity(parts, options?.name ?? null),
    keepIdentity: async () => store.beginEpoch("kept"),
    backup: (target) => parts.backup(target),
    close: () => {
      closing ??= closeParts(parts, syncs);
      return closing;
    },
  };
}

type Roles = "defaultRole" | "setDefaultRole" | "roleOf" | "ratings";

function roles(parts: InstanceParts): Pick<Instance, Roles> {
  return {
    defaultRole: async () => (await parts.store.settings()).defaultRole,
    setDefaultRole: (role) => setDefaultRole(parts, role),
    roleOf: (user, ref) => roleOf(parts, user, ref),
    ratings: (ref) => ratingsOf(parts, ref),
  };
}

type Linking =
  | "links"
  | "addLink"
  | "removeLink"
  | "setLink"
  | "mapLink"
  | "sync"
  | "watch"
  | "schedule"
  | "runs";

function linking(parts: SyncParts, syncs: Syncs): Pick<Instance, Linking> {
  const { store } = parts;
  return {
    links: async () => store.links(),
    addLink: (link) => syncs.afterChange(() => addLink(parts, link)),
    removeLink: (name) => syncs.afterChange(async () => store.removeLink(name)),
    setLink: (name, change) => syncs.afterChange(() => setLink(parts, name, change)),
    mapLink: (name, change) => syncs.afterChange(() => mapLink(parts, name, change)),
    sync: (name, options) => syncs.sync(name, options ?? {}),
    watch: (name, options) => syncs.watch(name, options ?? {}),
    schedule: (onEvent) => syncs.schedule(onEvent),
    runs: async (link) =>
      store.runs({ limit: PAGE_ITEMS_MAX, ...(link === undefined ? {} : { link }) }),
  };
}

async function closeParts({ search, store, release }: AssembledParts, syncs: Syncs) {
  try {
    await syncs.close();
    await search.close();
    await store.close();
  } finally {
    release();
  }
}
