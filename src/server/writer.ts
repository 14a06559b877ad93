import type { Instance } from "../instance/instance.ts";
import type { Store } from "../store/store.ts";

/**
 * What commands that write ask of an instance. An open instance is one; where another process
 * serves the folder, RemoteWriter is the other: the same methods, carried out by that process.
 */
export type Writer = Pick<
  Instance,
  | "change"
  | "create"
  | "set"
  | "patch"
  | "rename"
  | "delete"
  | "undelete"
  | "purge"
  | "shun"
  | "resolveConflict"
  | "resolveConflicts"
  | "setPolicy"
  | "adoptPolicy"
  | "import"
  | "importRevisions"
  | "undo"
  | "retryQuarantined"
  | "dropQuarantined"
  | "addLink"
  | "setDefaultRole"
  | "removeLink"
  | "setLink"
  | "mapLink"
  | "sync"
  | "watch"
  | "get"
  | "conflicts"
  | "links"
  | "close"
> & {
  /** For reading; changes go through the methods above. */
  readonly store: Pick<Store, "objects">;
};
