/** Marks the file as a Syncline catalog ("SYNC"). */
export const APPLICATION_ID = 0x53594e43;

/**
 * The schema, step by step: each entry brings a file from the version before to its own. A step
 * that has been released never changes.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE actor (id INTEGER PRIMARY KEY, uuids TEXT NOT NULL UNIQUE);
  CREATE TABLE peer (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE);

  CREATE TABLE changeset (
    id INTEGER PRIMARY KEY, uuid BLOB NOT NULL UNIQUE, record BLOB NOT NULL, hash BLOB NOT NULL);

  -- The log. Integers inside, UUIDs at the edge; no unique index may refuse a record but its id's.
  CREATE TABLE rev (
    lsn INTEGER PRIMARY KEY, id BLOB NOT NULL, oid INTEGER NOT NULL, actor INTEGER NOT NULL,
    aseq INTEGER NOT NULL, hlc INTEGER NOT NULL, gen INTEGER NOT NULL, cs INTEGER NOT NULL,
    src INTEGER, record BLOB NOT NULL, hash BLOB NOT NULL, chain BLOB NOT NULL);
  CREATE UNIQUE INDEX rev_id ON rev (id);
  CREATE INDEX rev_object ON rev (oid, src);
  CREATE INDEX rev_actor ON rev (actor, aseq, hlc);

  -- The state. body is null while the served record is a creation, which holds the content.
  CREATE TABLE obj (
    oid INTEGER PRIMARY KEY, uuid BLOB NOT NULL UNIQUE, type TEXT NOT NULL, nheads INTEGER NOT NULL,
    served INTEGER NOT NULL, body TEXT, body_hash BLOB NOT NULL, name TEXT,
    deleted INTEGER NOT NULL, changed INTEGER NOT NULL);
  CREATE INDEX obj_name ON obj (type, name);
  CREATE TABLE head (oid INTEGER NOT NULL, lsn INTEGER NOT NULL, PRIMARY KEY (oid, lsn)) WITHOUT ROWID;
  CREATE TABLE snap (lsn INTEGER PRIMARY KEY, body TEXT NOT NULL);

  CREATE TABLE cursor (peer INTEGER NOT NULL, scope TEXT NOT NULL, ladder TEXT NOT NULL,
    PRIMARY KEY (peer, scope)) WITHOUT ROWID;
  CREATE TABLE link (name TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE run (seq INTEGER PRIMARY KEY, link TEXT NOT NULL, document TEXT NOT NULL);
  CREATE INDEX run_link ON run (link);
  CREATE TABLE quarantine (
    key TEXT PRIMARY KEY, id TEXT, code TEXT NOT NULL, message TEXT NOT NULL, waits_for TEXT,
    src INTEGER, received_ms INTEGER NOT NULL, bytes BLOB NOT NULL);
  CREATE INDEX quarantine_waits ON quarantine (waits_for) WHERE waits_for IS NOT NULL;
  `,
  // What is refused is found by its id, to go when a record with that id is stored. A sum vouches
  // for a row that no record vouches for.
  `
  CREATE INDEX quarantine_id ON quarantine (id) WHERE id IS NOT NULL;
  DELETE FROM quarantine WHERE code <> 'ID_REUSED' AND (
    unhex(id, '-') IN (SELECT id FROM rev) OR unhex(id, '-') IN (SELECT uuid FROM changeset));
  DELETE FROM meta WHERE key = 'overflow';
  ALTER TABLE link ADD COLUMN sum TEXT;
  ALTER TABLE run ADD COLUMN sum TEXT;
  ALTER TABLE cursor ADD COLUMN sum TEXT;
  ALTER TABLE quarantine ADD COLUMN sum TEXT;
  `,
  `
  -- Of an object with several heads: the merge revision that stands for them.
  ALTER TABLE obj ADD COLUMN merge BLOB;
  -- deleted: 0 live, 1 deleted, 2 purged, 3 shunned; an object that is gone has no heads.
  ALTER TABLE obj ADD COLUMN contested INTEGER NOT NULL DEFAULT 0;
  -- Names: space null = the type's own; nkey null = the name itself is its key; nwriter: the lsn
  -- of the edit that wrote the name; ename null = the plain name; canonical: of a class of aliases.
  ALTER TABLE obj ADD COLUMN space TEXT;
  ALTER TABLE obj ADD COLUMN nkey TEXT;
  ALTER TABLE obj ADD COLUMN nwriter INTEGER;
  ALTER TABLE obj ADD COLUMN ename TEXT;
  ALTER TABLE obj ADD COLUMN canonical BLOB;
  DROP INDEX obj_name;
  CREATE INDEX obj_key ON obj (ifnull(nkey, name));
  CREATE INDEX obj_ename ON obj (ename) WHERE ename IS NOT NULL;
  -- kind: 0 revision, 1 purge (without changeset: cs = 0). An empty record: its object is gone.
  ALTER TABLE rev ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX rev_purge ON rev (lsn) WHERE kind = 1;
  CREATE TABLE conflict (
    id BLOB PRIMARY KEY, oid INTEGER NOT NULL, path TEXT NOT NULL, status TEXT NOT NULL, document TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX conflict_object ON conflict (oid);
  CREATE INDEX conflict_status ON conflict (status, id);
  CREATE TABLE policy (seq INTEGER PRIMARY KEY, record TEXT NOT NULL);
  -- Policies of peers that could not be taken.
  CREATE TABLE policy_offer (peer TEXT PRIMARY KEY, records TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX obj_gone ON obj (uuid) WHERE nheads = 0;
  `,
  // A run that goes on for long is saved more than once; runs from before have no id here.
  `
  ALTER TABLE run ADD COLUMN id TEXT;
  CREATE UNIQUE INDEX run_id ON run (id);
  -- What the log does away with after a position.
  CREATE INDEX obj_removed ON obj (changed) WHERE deleted > 0;
  -- parked: 0 no, 1 waits for a newer version, 2 did so until the program knew it.
  ALTER TABLE obj ADD COLUMN parked INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX obj_parked ON obj (oid) WHERE parked > 0;
  -- What is known of other instances.
  CREATE TABLE known_peer (
    uuid TEXT PRIMARY KEY, document TEXT NOT NULL, sum TEXT NOT NULL) WITHOUT ROWID;
  -- Why an object stays home: 0 it does not, 1 private or draft, 2 a role, 3 it did once.
  ALTER TABLE obj ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0;
  UPDATE obj SET withheld = 2 WHERE type = 'role' AND nheads > 0;
  UPDATE obj SET withheld = 1 WHERE type = 'package' AND nheads > 0 AND (
    SELECT c ->> '$.private' = 1 OR ifnull(c ->> '$.state', 'active') NOT IN ('active', 'deleted')
      FROM (SELECT ifnull(obj.body, (SELECT CAST(record AS TEXT) ->> '$.patch[0].value'
                                       FROM rev WHERE lsn = obj.served)) AS c));
  CREATE INDEX obj_withheld ON obj (changed) WHERE withheld > 0;
  CREATE TABLE scope (
    id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, text TEXT NOT NULL DEFAULT '',
    lsn INTEGER NOT NULL DEFAULT 0, policy TEXT NOT NULL DEFAULT '',
    names TEXT NOT NULL DEFAULT '{}', round INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0, sum TEXT);
  CREATE TABLE scope_member (
    scope INTEGER NOT NULL, oid INTEGER NOT NULL, inside INTEGER NOT NULL,
    selected INTEGER NOT NULL, entered INTEGER NOT NULL, "left" INTEGER NOT NULL,
    round INTEGER NOT NULL, PRIMARY KEY (scope, oid)) WITHOUT ROWID;
  CREATE INDEX scope_entered ON scope_member (scope, entered) WHERE inside = 1;
  CREATE INDEX scope_left ON scope_member (scope, "left") WHERE inside = 0;
  -- Who takes whom along: other comes with the object, or, where up = 1, the object with other.
  CREATE TABLE scope_tie (
    scope INTEGER NOT NULL, oid INTEGER NOT NULL, up INTEGER NOT NULL, other BLOB NOT NULL,
    PRIMARY KEY (scope, oid, up, other)) WITHOUT ROWID;
  -- What left a scope at a source, and stays here.
  CREATE TABLE departure (
    oid INTEGER NOT NULL, peer TEXT NOT NULL, scope TEXT NOT NULL,
    PRIMARY KEY (oid, peer, scope)) WITHOUT ROWID;
  CREATE INDEX scope_tie_other ON scope_tie (scope, other, up);
  -- In which epochs peers were met, oldest first.
  CREATE TABLE met (peer TEXT PRIMARY KEY, epochs TEXT NOT NULL, sum TEXT NOT NULL) WITHOUT ROWID;
  `,
  // rev.kind 2: a stub of an object that was dropped here; to its id the position is added at which
  // that happened, so that the revision can be stored again. obj.deleted 4: dropped. A cursor without
  // rungs: its source has to send everything once more.
  `
  CREATE INDEX departure_link ON departure (peer, scope);
  -- Private packages outside had ties, which nobody kept true.
  DELETE FROM scope_tie WHERE oid NOT IN (SELECT oid FROM obj WHERE withheld = 2) AND oid NOT IN (
    SELECT oid FROM scope_member m WHERE m.scope = scope_tie.scope AND m.inside = 1);
  `,
];

/** The version of the file format that this program writes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;
