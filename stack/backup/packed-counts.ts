import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { extract, list, type ReadEntry } from 'tar';
import { z } from 'zod';

const DATABASE = 'incident-responder.sqlite';
/** Tables whose rows are counted, of whichever form the database has. */
const TABLES = { incidents: 'incidents', notifications: 'notifications', auditEntries: 'audit_log' } as const;

/** meta.json of a block. @see https://github.com/prometheus/prometheus/blob/main/tsdb/docs/format/README.md */
const blockSchema = z.object({
  stats: z.object({ numSamples: z.number().default(0) }).default({ numSamples: 0 }),
});

async function text(entry: ReadEntry): Promise<string> {
  const chunks: Buffer[] = [];
  entry.on('data', (chunk: Buffer) => chunks.push(chunk));
  await entry.promise();
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * What a packed part holds, counted: files of any; blocks and their samples of Prometheus; incidents, notifications and audit
 * entries of the responder, whose database is checked, too.
 *
 * @throws Error where the archive or the database is damaged.
 */
export async function packedCounts(part: string, file: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = { [`${part}.files`]: 0 };
  const add = (name: string, number: number) => {
    counts[`${part}.${name}`] = (counts[`${part}.${name}`] ?? 0) + number;
  };
  const read: Promise<void>[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'backup-'));
  try {
    await list({
      file,
      strict: true,
      onReadEntry(entry) {
        if (entry.type !== 'File') return;
        add('files', 1);
        if (part !== 'prometheus' || basename(entry.path) !== 'meta.json') return;
        read.push(
          text(entry).then((json) => {
            const { stats } = blockSchema.parse(JSON.parse(json));
            add('blocks', 1);
            add('samples', stats.numSamples);
          }),
        );
      },
    });
    await Promise.all(read);
    if (part === 'incident-responder') {
      await extract({ file, cwd: folder, strict: true, filter: (path) => basename(path) === DATABASE });
      for (const [name, rows] of Object.entries(databaseCounts(join(folder, DATABASE)))) add(name, rows);
    }
    return counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function databaseCounts(file: string): Record<string, number> {
  const database = new DatabaseSync(file);
  try {
    const found = database.prepare('PRAGMA integrity_check').get()?.integrity_check;
    if (found !== 'ok') throw new Error(`${DATABASE}: ${found}`);
    return Object.fromEntries(
      Object.entries(TABLES).map(([name, table]) => [
        name,
        Number(database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows),
      ]),
    );
  } finally {
    database.close();
  }
}
