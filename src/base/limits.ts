/** Every limit on what comes in, in one place. Sizes are bytes of UTF-8 unless named otherwise. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Nesting of objects and arrays in any JSON that comes in. */
export const JSON_DEPTH_MAX: number = 64;
/** Nesting of one stored document: a creation wraps it in three levels (record, patch, write). */
export const DOCUMENT_DEPTH_MAX: number = JSON_DEPTH_MAX - 3;
/** One stored document (the canonical content of one object). */
export const DOCUMENT_BYTES_MAX: number = 2 * MIB;
/** One record: a document, its envelope and, in a patch, the values it replaces. */
export const RECORD_BYTES_MAX: number = 5 * MIB;
/** One line of an imported file: CKAN's form with volatile fields is larger than the document. */
export const IMPORT_LINE_BYTES_MAX: number = 16 * MIB;
/** Writes in one patch, counted after expansion into leaves. */
export const PATCH_LEAVES_MAX: number = 100_000;
/** Operations in a patch that a person wrote. */
export const USER_PATCH_OPERATIONS_MAX: number = 10_000;
/** What the operations of one such patch may copy and move, together. */
export const USER_PATCH_WORK_BYTES_MAX: number = 4 * MIB;
/** How long the sidecar file may trail what is committed. */
export const SIDECAR_TRAILS_MS_MAX: number = 1000;
/** Parents of one revision. */
export const PARENTS_MAX: number = 4096;
/** Pins of one revision. */
export const PINS_MAX: number = 100_000;
/** One record of a policy: the document, and who changed it. */
export const POLICY_RECORD_BYTES_MAX: number = 32 * KIB;
/** Author and message of a changeset, in characters. */
export const AUTHOR_CHARS_MAX: number = 200;
export const MESSAGE_CHARS_MAX: number = 10_000;
/** What an import calls its input, in characters. */
export const FILE_CHARS_MAX: number = 4096;
/** Revisions and bytes of one changeset. */
export const CHANGESET_REVISIONS_MAX: number = 10_000;
export const CHANGESET_BYTES_MAX: number = 32 * MIB;
/** Lines of an import become one changeset until it holds this many objects or bytes. */
export const IMPORT_CHANGESET_OBJECTS_MAX: number = 200;
export const IMPORT_CHANGESET_BYTES_MAX: number = 512 * KIB;
/** What the format allows: a line with more objects inside is spread over several changesets. */
export const IMPORT_CHANGESET_CHANGES_MAX: number = 500;
/** One policy document, and in it types, paths of a type, and instances of a priority list. */
export const POLICY_BYTES_MAX: number = 32 * KIB;
export const POLICY_TYPES_MAX: number = 64;
export const POLICY_PATHS_MAX: number = 256;
export const POLICY_INSTANCES_MAX: number = 256;
/** One scope, the log entries that one step of its evaluation looks at, and how many are remembered. */
export const SCOPE_BYTES_MAX: number = 16 * KIB;
export const SCOPE_STEP_ENTRIES: number = 2000;
/** ... and how many it may have looked at that the file does not know of; less than a step. */
export const SCOPE_UNSAVED_MAX: number = SCOPE_STEP_ENTRIES / 2;
export const SCOPES_KEPT_MAX: number = 256;
/** Stretches of the own log that the record of one run names; more are joined across the shortest gaps. */
export const RUN_STRETCHES_MAX: number = 500;
/** Ids of objects that left a scope which a target takes before its store has noted any. */
export const LEFT_WAITING_MAX: number = 1_000_000;
/** Objects that left a scope and are dropped in one transaction. */
export const DROPPED_AT_ONCE_MAX: number = 1000;
/** A name of a type, actor or instance, in characters. */
export const TYPE_CHARS_MAX: number = 64;
export const INSTANCE_NAME_CHARS_MAX: number = 64;
/** The name of a link, in characters; one outside the first 65,536 counts as two. */
export const LINK_NAME_CHARS_MAX: number = 128;
/** What names an object: `type/name` or an id, in characters. */
export const REF_CHARS_MAX: number = 4096;
/** A key or pointer, in characters. */
export const KEY_CHARS_MAX: number = 1024;
export const POINTER_CHARS_MAX: number = 4096;

/** One WebSocket message. */
export const FRAME_BYTES_MAX: number = 8 * MIB;
/** Fragments of one WebSocket message. */
export const FRAME_FRAGMENTS_MAX: number = 1024;
/** One control message (JSON text frame). */
export const CONTROL_BYTES_MAX: number = 64 * KIB;
/** Bytes of the records in one POLICY or PURGES message, escaped as they stand in it. */
export const CONTROL_RECORDS_BYTES_MAX: number = CONTROL_BYTES_MAX - 1 * KIB;
/** Characters of all policy records that a peer may send. */
export const POLICIES_CHARS_MAX: number = 8 * MIB;
/** Purges that are sent ahead of the revisions; more come in their place in the log. */
export const PURGES_AHEAD_MAX: number = 10_000;
/** A batch is closed at the first of these, but never inside a changeset. */
export const BATCH_REVISIONS_MAX: number = 1000;
export const BATCH_BYTES_MAX: number = 256 * KIB;
/** Raw bytes in one BATCH frame; a larger batch is sent in several. */
export const BATCH_FRAGMENT_BYTES_MAX: number = 4 * MIB;
/** Raw bytes of one batch over all its frames: a whole changeset and what came before it. */
export const BATCH_STAGED_BYTES_MAX: number = CHANGESET_BYTES_MAX + 1 * MIB;
/** Raw bytes of batches that are not stored yet, of all peers that have dialed. */
export const STAGED_BYTES_MAX: number = 64 * MIB;
/** Frames of one peer that wait for room among these, as they came. */
export const PACKED_BYTES_MAX: number = 12 * MIB;
/** Silence in the middle of a batch of several frames, for which others may have to wait. */
export const STAGING_IDLE_MS_MAX: number = 45_000;
/** What a target stores in one transaction, unless one batch is larger. */
export const APPLY_BYTES_MAX: number = 1 * MIB;
/** Bytes in flight that a target allows a source. */
export const CREDIT_BYTES: number = 4 * MIB;
/** Unsent bytes in the socket above which a source pauses. */
export const SEND_BUFFER_BYTES_MAX: number = 1 * MIB;
/** Epochs of its own that an instance which was set back names to a peer; with more, it names none. */
export const OWN_EPOCHS_MAX = 64;
/** Instances of which the name is kept. */
export const PEERS_KNOWN_MAX: number = 10_000;
/** Names of other instances that a source tells. */
export const NAMES_TOLD_MAX: number = 64;
/** Conflicts that joining revisions met, remembered in memory. */
export const MET_CONFLICTS_MAX: number = 20_000;
/** Rungs of a cursor's ladder. */
export const LADDER_RUNGS_MAX: number = 32;
/** What a link or a complete import may remove at once where nobody says otherwise. */
export const REMOVALS_DEFAULT: string = "5%";
/** A share of few objects is no share: so many may go in any case. */
export const REMOVALS_SHARE_MIN: number = 20;
/** Removals that a source reads at a time, and the revisions that one of them names. */
export const REMOVALS_PAGE_MAX: number = 500;
export const REMOVAL_REVISIONS_MAX: number = 500;
/** Ids of objects and revisions in one REMOVALS message, unless a single removal has more. */
export const REMOVALS_IDS_MAX: number = 1000;
/** Silence after which a PING goes out, and after which the peer counts as gone. */
export const PING_EVERY_MS: number = 15_000;
export const PEER_SILENT_MS_MAX: number = 45_000;
/** The same for servers that replay a timeline, where nobody wants to wait. */
export const DRIVEN_PACE: { readonly pingMs: number; readonly silentMs: number } = {
  pingMs: 1_000,
  silentMs: 8_000,
};
/** PINGs that a peer may send between two of one's own. */
export const PINGS_MAX: number = 64;
/** A live session sends what was committed within this time together. */
export const WAKE_EVERY_MS: number = 5;
/** Time for connecting and for the first answer. */
export const HANDSHAKE_MS_MAX: number = 10_000;
/** How long the first edit after a restore waits for peers that may hold what was lost. */
export const RECOVERY_MS_MAX: number = 10_000;
/** A live link waits this long before it connects again; growing, up to the second. */
export const RETRY_MS_MIN: number = 200;
export const RETRY_MS_MAX: number = 5_000;
/** ... up to this where a run was refused or failed. */
export const RETRY_UNWANTED_MS_MAX: number = 60_000;
/** Links that begin to run by themselves do so within this time. */
export const FIRST_RUN_MS_MAX: number = 200;
/** A connection that was in step for so long was a good one. */
export const GOOD_CONNECTION_MS: number = 5_000;
/** By how much a run of a schedule may be late, so that many do not begin together. */
export const SCHEDULE_SPREAD_MS_MAX: number = 30_000;
/** Timers count milliseconds in 31 bits; who waits longer looks again each day. */
export const TIMER_MS_MAX: number = 86_400_000;
/** How often a live link tells what it carried. */
export const IN_STEP_TOLD_EVERY_MS: number = 1_000;
/** How often the run of a live session is saved while it goes on. */
export const RUN_SAVED_EVERY_MS: number = 60_000;
/** Time for both sides to end a connection before it is cut. */
export const CLOSE_MS_MAX: number = 2_000;
/** Time for the answer to a change that another process makes: it may wait for the disk. */
export const ANSWER_MS_MAX: number = 60_000;
/** Sync connections that one instance accepts at a time. */
export const SYNC_CONNECTIONS_MAX: number = 64;
/** Rows that one listing returns at most. */
export const PAGE_ITEMS_MAX: number = 1000;
/** Records that a listing of conflicts reads in one turn of the event loop, in bytes. */
export const TURN_BYTES_MAX: number = 512 * KIB;
/** Records in one batch given to a store: twice what a page of the log can hold. */
export const BATCH_RECORDS_MAX: number = 2 * (CHANGESET_REVISIONS_MAX + BATCH_REVISIONS_MAX);
/** Quarantined records kept per instance, and their bytes. */
export const QUARANTINE_RECORDS_MAX: number = 10_000;
export const QUARANTINE_BYTES_MAX: number = 64 * MIB;
/** Refused records of which the quarantine knows without keeping their bytes. */
export const QUARANTINE_UNKEPT_MAX: number = 100_000;
/** The text of one search, in characters, and the words and phrases in it. */
export const SEARCH_TEXT_CHARS_MAX: number = 1000;
export const SEARCH_PHRASES_MAX: number = 64;

/** Records that a check of a catalog keeps parsed; those after them are parsed twice. */
export const VERIFY_PARSED_BYTES_MAX: number = 4 * MIB;
