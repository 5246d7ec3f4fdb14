import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Steps from one form of the database to the next. Only ever append: `user_version` counts those already taken. */
const MIGRATIONS = [
  `CREATE TABLE notifications (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     received_at_ms INTEGER NOT NULL,
     last_received_at_ms INTEGER NOT NULL,
     deliveries INTEGER NOT NULL DEFAULT 1,
     receiver TEXT NOT NULL,
     group_key TEXT NOT NULL,
     status TEXT NOT NULL,
     content_key TEXT NOT NULL,
     truncated_alerts INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX notifications_by_group ON notifications (receiver, group_key, id);
   CREATE INDEX notifications_by_last_delivery ON notifications (last_received_at_ms);
   CREATE TABLE notified_alerts (
     notification_id INTEGER NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
     position INTEGER NOT NULL,
     alertname TEXT NOT NULL,
     status TEXT NOT NULL,
     alert TEXT NOT NULL,
     PRIMARY KEY (notification_id, position)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX notified_alerts_by_name ON notified_alerts (alertname, status, notification_id);
   CREATE TABLE firing_alerts (
     receiver TEXT NOT NULL,
     group_key TEXT NOT NULL,
     fingerprint TEXT NOT NULL,
     last_heard_at_ms INTEGER NOT NULL,
     alert TEXT NOT NULL,
     PRIMARY KEY (receiver, group_key, fingerprint)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX firing_alerts_by_age ON firing_alerts (last_heard_at_ms);
   CREATE TABLE heartbeats (
     name TEXT PRIMARY KEY,
     last_heard_at_ms INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE incidents (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     status TEXT NOT NULL,
     last_alert_at_ms INTEGER NOT NULL,
     resolved_at_ms INTEGER,
     document TEXT NOT NULL,
     postmortem TEXT
   ) STRICT;
   CREATE INDEX incidents_by_status ON incidents (status, id);
   CREATE TABLE incident_alerts (
     incident_id INTEGER NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
     fingerprint TEXT NOT NULL,
     starts_at_ms INTEGER NOT NULL,
     status TEXT NOT NULL,
     alert TEXT NOT NULL,
     PRIMARY KEY (incident_id, fingerprint, starts_at_ms)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX incident_alerts_by_fingerprint ON incident_alerts (fingerprint, incident_id);
   CREATE TABLE incident_timeline (
     id INTEGER PRIMARY KEY,
     incident_id INTEGER NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
     at_ms INTEGER NOT NULL,
     kind TEXT NOT NULL,
     text TEXT NOT NULL,
     action_run_id INTEGER
   ) STRICT;
   CREATE INDEX incident_timeline_by_incident ON incident_timeline (incident_id, at_ms);
   CREATE TABLE action_runs (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     incident_id INTEGER NOT NULL,
     action TEXT NOT NULL,
     state TEXT NOT NULL,
     created_at_ms INTEGER NOT NULL,
     document TEXT NOT NULL
   ) STRICT;
   CREATE INDEX action_runs_by_incident ON action_runs (incident_id, id);
   CREATE INDEX action_runs_by_state ON action_runs (state, id);
   CREATE TABLE audit_log (
     sequence INTEGER PRIMARY KEY,
     at_ms INTEGER NOT NULL,
     actor TEXT NOT NULL,
     event TEXT NOT NULL,
     incident_id INTEGER,
     action_run_id INTEGER,
     detail TEXT NOT NULL,
     previous_hash TEXT NOT NULL,
     hash TEXT NOT NULL
   ) STRICT;
   CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
   CREATE TRIGGER audit_log_is_not_deleted BEFORE DELETE ON audit_log
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;`,
  `CREATE TABLE remembered (
     name TEXT PRIMARY KEY,
     at_ms INTEGER NOT NULL,
     document TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;
   ALTER TABLE action_runs ADD COLUMN undo TEXT;`,
  'ALTER TABLE notifications ADD COLUMN exact_key TEXT',
  `CREATE TABLE analyses (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     incident_id INTEGER NOT NULL,
     at_ms INTEGER NOT NULL,
     model TEXT NOT NULL,
     outcome TEXT NOT NULL,
     answer TEXT,
     tokens REAL NOT NULL,
     dollars REAL NOT NULL,
     verdict TEXT
   ) STRICT;
   CREATE INDEX analyses_by_incident ON analyses (incident_id, id);
   CREATE INDEX analyses_by_age ON analyses (at_ms);`,
  `CREATE TABLE closed_sessions (
     session TEXT PRIMARY KEY,
     expires_at_ms INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE findings (
     incident_id INTEGER PRIMARY KEY REFERENCES incidents (id) ON DELETE CASCADE,
     document TEXT NOT NULL
   ) STRICT;`,
  `CREATE TABLE pages (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     incident_id INTEGER NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
     step INTEGER NOT NULL,
     person TEXT,
     kind TEXT,
     file TEXT,
     at_ms INTEGER NOT NULL,
     outcome TEXT NOT NULL,
     closed INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE INDEX pages_by_incident ON pages (incident_id, id);
   CREATE INDEX pages_by_age ON pages (at_ms);
   CREATE TABLE postmortems (
     incident_id INTEGER PRIMARY KEY,
     title TEXT NOT NULL,
     markdown TEXT NOT NULL,
     edited_by TEXT NOT NULL,
     edited_at_ms INTEGER NOT NULL,
     finished_at_ms INTEGER
   ) STRICT;
   CREATE TABLE postmortem_actions (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     incident_id INTEGER NOT NULL,
     text TEXT NOT NULL,
     owner TEXT NOT NULL,
     due TEXT NOT NULL,
     state TEXT NOT NULL
   ) STRICT;
   CREATE INDEX postmortem_actions_by_incident ON postmortem_actions (incident_id, id);`,
];

/**
 * Opens the responder's database in `dataDir`, and makes or updates it.
 *
 * @throws Error if the folder can't be written, or the database was written by a newer version.
 */
export function openDatabase(dataDir: string): DatabaseSync {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'incident-responder.sqlite');
  const database = new DatabaseSync(file);
  // FULL: a delivery is acknowledged only once it would survive a power cut. The cache is 1 MB, of SQLite's usual 2.
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -1000; PRAGMA busy_timeout = 2000',
  );
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version > MIGRATIONS.length) {
    database.close();
    throw new Error(`${file}: expected form ${MIGRATIONS.length} at most, got ${version} of a newer version`);
  }
  for (const [index, migration] of MIGRATIONS.entries())
    if (index >= version)
      inTransaction(database, () => database.exec(`${migration}; PRAGMA user_version = ${index + 1}`));
  return database;
}

/** Runs `work` so that either all or nothing of it is stored. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
