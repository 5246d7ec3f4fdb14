import { readdir, readFile } from 'node:fs/promises';
import type { Database } from './database.ts';

const FOLDER = new URL('./migrations/', import.meta.url);
/** Any number that nobody else uses: who holds it migrates. */
const LOCK = 5_177_201;

/**
 * Brings the database to the form of this version: the files of `migrations`, in the order of their numbers, each in a
 * transaction of its own. One that was interrupted begins anew; of several processes that start at once, one does it.
 *
 * @throws {Error} where a newer version has been there
 */
export async function migrate(database: Database): Promise<void> {
  const files = (await readdir(FOLDER)).filter((name) => /^\d{3}-.+\.sql$/.test(name)).toSorted();
  for (const [index, file] of files.entries()) await apply(database, index + 1, file, files.length);
}

function apply(database: Database, version: number, file: string, latest: number): Promise<void> {
  return database.transaction(async ({ execute }) => {
    await execute(
      'SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0',
    );
    await execute(`SELECT pg_advisory_xact_lock(${LOCK})`);
    await execute(
      'CREATE TABLE IF NOT EXISTS schema_versions (version integer PRIMARY KEY, file text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await execute('SELECT coalesce(max(version), 0) AS version FROM schema_versions');
    const found = Number(rows[0]?.version);
    if (found > latest)
      throw new Error(
        `database: its form is version ${found}, of a newer version of the application; this one knows version ${latest}. Use that version, or an empty database`,
      );
    if (found >= version) return;
    await execute(await readFile(new URL(file, FOLDER), 'utf8'));
    await execute('INSERT INTO schema_versions (version, file) VALUES ($1, $2)', [version, file]);
  });
}
