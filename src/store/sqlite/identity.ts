import { SynclineError } from "../../base/errors.ts";
import type { InstanceId } from "../../base/ids.ts";
import { parseStored } from "../../log/stored-json.ts";
import { type Continuity, UNBROKEN } from "../continuity.ts";
import type { Identity } from "../rows.ts";
import { type Db, prepared } from "./database.ts";
import { sealMeta } from "./meta.ts";

/** The entry that says who this was before; absent for an instance that never was in doubt. */
const CONTINUITY = "continuity";

export function readIdentity(db: Db): Identity {
  const find = prepared(db, "SELECT value FROM meta WHERE key = ?").pluck();
  const value = (key: string): string => {
    const found = find.get(key);
    if (typeof found === "string") return found;
    throw new SynclineError("STORE_CORRUPT", `the catalog does not say its ${key}`, {
      where: `meta ${key}`,
    });
  };
  return { instance: value("instance") as InstanceId, name: value("name"), epoch: value("epoch") };
}

export function readContinuity(db: Db): Continuity {
  const find = prepared(db, "SELECT value FROM meta WHERE key = ?").pluck();
  const text = find.get(CONTINUITY) as string | undefined;
  return text === undefined ? UNBROKEN : parseStored<Continuity>(text, `meta ${CONTINUITY}`);
}

/** Sets who this is, and in a new epoch the own numbers back, inside a transaction. */
export function writeIdentity(db: Db, identity: Identity, continuity: Continuity): void {
  const set = prepared(db, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
  const isNew = identity.epoch !== readIdentity(db).epoch;
  for (const [key, value] of Object.entries(identity)) set.run(key, value);
  set.run(CONTINUITY, JSON.stringify(continuity));
  // `raised` is what older versions kept instead of beginning an epoch.
  if (isNew) prepared(db, "DELETE FROM meta WHERE key = 'raised'").run();
  if (isNew) prepared(db, "UPDATE meta SET value = 0 WHERE key = 'seq'").run();
  sealMeta(db);
}
