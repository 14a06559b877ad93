import { canonicalize } from "../../base/canonical.ts";
import { SynclineError } from "../../base/errors.ts";
import { actorId, isUuid } from "../../base/ids.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { isRole } from "../../catalog/index.ts";
import { printVersions, type Versions } from "../../log/edition.ts";
import { parseStored } from "../../log/stored-json.ts";
import { DEFAULT_SETTINGS, type Settings } from "../rows.ts";
import { type Db, prepared } from "./database.ts";
import { rowSum } from "./row-sum.ts";

type Entries = ReadonlyMap<string, Json>;

/** The entry that vouches for the others: no record does. */
const SEAL = "seal";

/** The newest versions that were known here, beyond the first ones. */
const VERSIONS = "versions";

/** Seals what stands in `meta`; whoever changes it does so in the same transaction. */
export function sealMeta(db: Db): void {
  const seal = sealOf(readMeta(db));
  prepared(db, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(SEAL, seal);
}

/** What the instance decides for itself, as JSON. */
const SETTINGS = "settings";

/** Throws `STORE_CORRUPT`. */
export function readSettings(db: Db): Settings {
  const value = prepared(db, "SELECT value FROM meta WHERE key = ?").pluck().get(SETTINGS);
  if (value === undefined) return DEFAULT_SETTINGS;
  const settings = parsedSettings(value);
  if (settings !== undefined) return settings;
  throw new SynclineError("STORE_CORRUPT", "the settings cannot be read", {
    where: `meta ${SETTINGS}`,
    hint: "set them again: syncline role default editor",
  });
}

export function writeSettings(db: Db, settings: Settings): void {
  const text = canonicalize({ ...settings });
  prepared(db, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(SETTINGS, text);
  sealMeta(db);
}

/** Undefined when there is something wrong with them. */
function parsedSettings(value: unknown): Settings | undefined {
  try {
    const { defaultRole } = JSON.parse(String(value)) as JsonObject;
    return isRole(defaultRole) ? { ...DEFAULT_SETTINGS, defaultRole } : undefined;
  } catch {
    return undefined;
  }
}

/** What the program knew that derived the state. */
export function readVersions(db: Db): Versions {
  const text = prepared(db, "SELECT value FROM meta WHERE key = ?").pluck().get(VERSIONS);
  return text === undefined ? {} : parseStored<Versions>(String(text), `meta ${VERSIONS}`);
}

export function saveVersions(db: Db, versions: Versions): void {
  const text = printVersions(versions);
  if (text === null) prepared(db, "DELETE FROM meta WHERE key = ?").run(VERSIONS);
  else {
    prepared(db, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(VERSIONS, text);
  }
  sealMeta(db);
}

/** Says what is wrong with `meta`: the form of its entries, the own log entries, the seal. */
export function checkMeta(db: Db, found: (where: string, message: string) => void): void {
  const meta = readMeta(db);
  for (const key of ["instance", "epoch"]) {
    if (!isUuid(meta.get(key))) found(`meta ${key}`, "is not a UUID");
  }
  const name = meta.get("name");
  if (typeof name !== "string" || name === "") found("meta name", "is not a name");
  for (const key of ["seq", "hlc"]) {
    const value = meta.get(key);
    if (value !== undefined && !Number.isSafeInteger(value)) found(`meta ${key}`, "is no number");
  }
  if (meta.has(SETTINGS) && parsedSettings(meta.get(SETTINGS)) === undefined) {
    found(`meta ${SETTINGS}`, "cannot be read");
  }
  if (meta.has("seq") !== meta.has("hlc")) found("meta", "holds seq or hlc without the other");
  if (meta.has("seq") && meta.get("seq") !== 0 && !isNumbered(db, meta)) {
    found("meta seq", `the log holds nothing authored here with the number ${meta.get("seq")}`);
  }
  // A file of the time before seals gets one with the next change that is made here.
  const seal = meta.get(SEAL);
  if (seal !== undefined && seal !== sealOf(meta)) found("meta", "does not have its seal");
}

function isNumbered(db: Db, meta: Entries): boolean {
  const actor = actorId(String(meta.get("instance")), String(meta.get("epoch")));
  const find =
    "SELECT 1 FROM rev WHERE actor = (SELECT id FROM actor WHERE uuids = ?) AND aseq = ?";
  return prepared(db, find).get(actor, meta.get("seq")) !== undefined;
}

function readMeta(db: Db): Entries {
  const rows = prepared(db, "SELECT key, value FROM meta ORDER BY key").raw().all();
  return new Map(rows as [string, Json][]);
}

function sealOf(meta: Entries): string {
  return rowSum(...[...meta].filter(([key]) => key !== SEAL));
}
