import { versionsOf } from "../../../src/log/edition.ts";
import type { Action, Actions } from "../../../src/scenario/format/actions.ts";
import type { PutAside } from "../../../src/scenario/world/disasters.ts";
import type { Deed } from "../../../src/scenario/world/witness.ts";

type Version = Actions["update"]["update"];

/** What is done to an instance, as a scenario says it. */
export function deedAction(deed: Deed, backups: ReadonlyMap<PutAside, string>): Action {
  const { on } = deed;
  const labelOf = (backup: PutAside): string => backups.get(backup) ?? "unknown";
  if ("backup" in deed) return { on, backup: labelOf(deed.backup) };
  if ("restoreBackup" in deed) {
    const how = deed.how === "restore" ? {} : { how: deed.how };
    return { on, restoreBackup: labelOf(deed.restoreBackup), ...how };
  }
  if ("clone" in deed) {
    return { on, clone: deed.clone, ...(deed.isMachine ? { how: "machine" as const } : {}) };
  }
  if ("linkAgain" in deed) return { on, linkAgain: deed.linkAgain };
  if ("pauseMs" in deed) return { on, pause: `${deed.pauseMs}ms` };
  if ("cutPower" in deed) return { on, crash: true, unsynced: deed.cutPower };
  if ("update" in deed) return { on, update: versionOf(deed.update) };
  if ("newIdentity" in deed) return { on, newIdentity: true };
  return "wipe" in deed ? { on, wipe: true } : { on, keepIdentity: true };
}

/** True for what ends the process of its instance. */
export function stopsIt(deed: Deed): boolean {
  const stopping = ["restoreBackup", "wipe", "cutPower", "update", "newIdentity", "keepIdentity"];
  return stopping.some((kind) => Object.hasOwn(deed, kind));
}

/** The numbers of what a version of the program knows. */
export function versionOf(edition: Parameters<typeof versionsOf>[0]): Version {
  const versions = versionsOf(edition);
  return {
    ...(versions["type/package"] === 2 ? { schema: 2 } : {}),
    ...(versions.algorithm === 2 ? { algorithm: 2 } : {}),
  };
}
