/** The library: open an instance in a folder, and author, read, exchange, search and sync. */
export type { ErrorCode } from "./base/error-codes.ts";
export { isSynclineError, SynclineError } from "./base/errors.ts";
export type { ChangesetId, InstanceId, Lsn, ObjectId, RevisionId } from "./base/ids.ts";
export type { Json, JsonObject } from "./base/json.ts";
export type { Clock } from "./base/ports/clock.ts";
export type { RandomSource } from "./base/ports/random.ts";
export type { Role } from "./catalog/index.ts";
export type { ConflictCandidateItem, ConflictItem } from "./instance/conflicts/conflict-item.ts";
export type { ConflictChoice } from "./instance/conflicts/decisions.ts";
export type { ConflictPage, ConflictQuery } from "./instance/conflicts/find-conflict.ts";
export type { ResolveReport, ResolveRule } from "./instance/conflicts/resolve-conflicts.ts";
export type { RestoreOptions, RestoreReport } from "./instance/folder/restore.ts";
export type { IdentityView } from "./instance/identity.ts";
export { ImportStoppedError } from "./instance/importing/import-stopped-error.ts";
export type {
  Attribution,
  EditAttribution,
  HistoryEntry,
  ImportOptions,
  ImportProgress,
  ImportReport,
  Instance,
  ObjectRef,
  ObjectView,
  RatingView,
  RevisionDiff,
  RoleView,
  Since,
  StatusView,
  SyncOptions,
  SyncProgress,
  VerifyResult,
} from "./instance/instance.ts";
export type { OrganizationChange, OrganizationWish } from "./instance/link-organizations.ts";
export type { NewLink } from "./instance/links.ts";
export type { DiffConflict, DiffsToMerge, MergedDiffs } from "./instance/merge-diffs.ts";
export { createInstance, openInstance, restoreInstance } from "./instance/open-instance.ts";
export type { OpenOptions, ThreadUse } from "./instance/open-options.ts";
export type {
  QuarantineItem,
  QuarantinePage,
  QuarantineView,
  RetryReport,
} from "./instance/quarantine.ts";
export type { Rehearsal, Would } from "./instance/rehearsal/rehearse.ts";
export { type ServedSync, type ServeSyncOptions, serveSync } from "./instance/serve-sync.ts";
export type { LinkChange } from "./instance/set-link.ts";
export type { UndoReport } from "./instance/undo/undo-run.ts";
export type { AuthorCommand, AuthoredRevision, AuthorOutcome, Change } from "./log/author.ts";
export type { Edition } from "./log/edition.ts";
export type { PolicyInForce } from "./log/reader.ts";
export type { Policy } from "./merge/policy.ts";
export type { Write } from "./model/record.ts";
export type { SearchHit, SearchQuery, SearchResult } from "./search/search-index.ts";
export type {
  EntryFilter,
  EntryRow,
  Identity,
  LinkRow,
  QuarantineRow,
  RunRow,
  Settings,
} from "./store/rows.ts";
export type { ApplyOutcome } from "./store/store.ts";
export type { LinkEvent, LinkState } from "./sync/schedule/link-event.ts";
