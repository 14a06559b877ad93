import { SynclineError } from "../base/errors.ts";

/**
 * The version of the messages in this folder. Every change to a message raises it; a test keeps a
 * hash of all message schemas beside it, so that neither can change alone.
 *
 * History:
 *   1  one connection, one or both directions; cursors with a ladder; byte credits; BATCH frames
 *      of zstd-compressed records; a checksum in each frame; scopes. (Since 0.2: what a stretch
 *      removes is counted in START and named in REMOVALS, where HELLO and WELCOME say that both
 *      sides know it. START may tell what other instances are called. Live sessions: HELLO says
 *      live and link, RESUME and START say live. HELLO may say that it is a rehearsal. An
 *      instance that was restored says so in `recover`, and `former` says who a copy was; with `own`
 *      it asks for nothing but what it authored itself; HELLO and WELCOME may tell it what is known
 *      of its earlier epochs, and it may name those that it knows, so that what a copy wrote in
 *      others does not come to it. HELLO and WELCOME may say that a link of
 *      that side drops what leaves it.)
 */
export const PROTOCOL_VERSION = 1;

/** The oldest version this program still speaks. */
export const PROTOCOL_VERSION_MIN = 1;

/** The WebSocket subprotocol, and the path of the endpoint. */
export const SUBPROTOCOL = "syncline.v1";
export const SYNC_PATH = "/sync";

/** The oldest and the newest version that a program speaks. */
export type VersionRange = readonly [min: number, max: number];

export const OWN_VERSIONS: VersionRange = [PROTOCOL_VERSION_MIN, PROTOCOL_VERSION];

/** The newest version that both speak; undefined when there is none. */
export function commonVersion(a: VersionRange, b: VersionRange): number | undefined {
  const newest = Math.min(a[1], b[1]);
  return newest >= Math.max(a[0], b[0]) ? newest : undefined;
}

/** The error for a peer without a common version; names both ranges. */
export function versionError(peer: VersionRange, own: VersionRange = OWN_VERSIONS): SynclineError {
  const ranges = `it speaks ${printRange(peer)}, this one ${printRange(own)}`;
  return new SynclineError("PROTOCOL_VERSION", `the peer shares no protocol version: ${ranges}`, {
    hint: `update ${peer[1] < own[0] ? "the peer" : "this instance"} to a newer version of Syncline`,
  });
}

function printRange([min, max]: VersionRange): string {
  return min === max ? `version ${min}` : `versions ${min} to ${max}`;
}
