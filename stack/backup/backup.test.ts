import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { create, extract } from 'tar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { layout as layoutOf } from '../native/layout.ts';
import { Progress } from '../progress.ts';
import { readSettings } from '../settings.ts';
import { writeBackup } from './backup.ts';
import { nativeData } from './native-data.ts';
import { openBackup, restoreBackup } from './restore.ts';

const repository = dirname(dirname(import.meta.dirname));
const progress = new Progress(() => {});
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'backup-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const settingsOf = (stack: string) => readSettings(repository, { AIOPS_DATA_DIR: join(root, stack) });
const storeOf = (stack: string, signal = new AbortController().signal) =>
  nativeData({
    layout: layoutOf(settingsOf(stack)),
    dataDir: join(root, stack),
    homeDir: join(root, `${stack}-home`),
    progress,
    signal,
  });

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** Data as components leave it, with so many incidents. */
function fill(stack: string, incidents: number): void {
  write(`${stack}/prometheus/01ABC/meta.json`, JSON.stringify({ stats: { numSamples: 1000 * incidents } }));
  write(`${stack}/prometheus/wal/00000001`, `${stack} wal`);
  write(`${stack}/prometheus/lock`, '');
  write(`${stack}/loki/chunks/a`, stack);
  write(`${stack}/flags/demo.flagd.json`, '{}');
  write(`${stack}/secrets/otlp-key`, `key of ${stack}`);
  write(`${stack}/logs/loki.log`, 'not kept');
  write(`${stack}-home/slos/ours.yaml`, `of ${stack}`);
  mkdirSync(join(root, stack, 'incident-responder'));
  const database = new DatabaseSync(join(root, stack, 'incident-responder', 'incident-responder.sqlite'));
  database.exec('PRAGMA journal_mode = WAL');
  for (const table of ['incidents', 'notifications', 'audit_log'])
    database.exec(`CREATE TABLE ${table} (id INTEGER PRIMARY KEY)`);
  for (let id = 1; id <= incidents; id += 1) database.exec(`INSERT INTO incidents VALUES (${id})`);
  open.push(database);
}
/** Left open while they are backed up, as the responder has its own. */
const open: DatabaseSync[] = [];
afterEach(() => {
  for (const database of open.splice(0)) database.close();
});

const file = () => join(root, 'backups', 'one.tar');
/** What a write meets on a full disk. */
const fullDisk = async () => writeFileSync('/dev/full', 'x');
const backUp = (
  stack: string,
  { secrets = false, signal = new AbortController().signal, store = storeOf(stack, signal) } = {},
) =>
  writeBackup({
    file: file(),
    store,
    engine: 'native',
    secrets,
    settings: settingsOf(stack),
    platform: '0.1.0',
    progress,
    signal,
  });

async function restore(stack: string, signal = new AbortController().signal) {
  const { versions } = settingsOf(stack);
  const backup = await openBackup({ file: file(), folder: root, versions });
  try {
    return await restoreBackup({ backup, store: storeOf(stack, signal), progress, signal });
  } finally {
    await backup.close();
  }
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const incidentsOf = (stack: string) => {
  const database = new DatabaseSync(join(root, stack, 'incident-responder', 'incident-responder.sqlite'));
  try {
    return database.prepare('SELECT count(*) AS rows FROM incidents').get()?.rows;
  } finally {
    database.close();
  }
};
const leftovers = () => readdirSync(root).filter((name) => /restoring|\.data-backup|partial/.test(name));

/** Changes the manifest of the backup, and keeps the rest. */
async function rewriteManifest(change: (manifest: Record<string, unknown>) => void): Promise<void> {
  const folder = join(root, 'rewritten');
  mkdirSync(folder);
  await extract({ file: file(), cwd: folder });
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  change(manifest);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  await create({ file: file(), cwd: folder }, ['manifest.json', 'parts']);
}

describe('a backup', () => {
  test('restored into another stack has the same data, of a database in use too', async () => {
    fill('first', 3);
    const { counts } = await backUp('first');
    expect(counts).toMatchObject({
      'incident-responder.incidents': 3,
      'prometheus.samples': 3000,
      'prometheus.blocks': 1,
      'loki.files': 1,
    });
    expect(await restore('second')).toEqual([]);
    expect(incidentsOf('second')).toBe(3);
    expect(read('second/prometheus/wal/00000001')).toBe('first wal');
    expect(read('second-home/slos/ours.yaml')).toBe('of first');
    expect(existsSync(join(root, 'second/prometheus/lock'))).toBe(false);
    expect(existsSync(join(root, 'second/logs'))).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  test('has no secrets unless asked for, and is for its owner alone', async () => {
    fill('first', 1);
    fill('second', 1);
    await backUp('first');
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    await restore('second');
    expect(read('second/secrets/otlp-key')).toBe('key of second');
    await backUp('first', { secrets: true });
    await restore('second');
    expect(read('second/secrets/otlp-key')).toBe('key of first');
  });

  test('replaces all data that is there, and puts a home folder aside', async () => {
    fill('first', 2);
    fill('second', 5);
    write('second/tempo/blocks/a', 'not in the backup');
    await backUp('first');
    await restore('second');
    expect(incidentsOf('second')).toBe(2);
    expect(existsSync(join(root, 'second/tempo'))).toBe(false);
    expect(read('second/logs/loki.log')).toBe('not kept');
    const aside = readdirSync(root).find((name) => name.startsWith('second-home.before-restore-'));
    expect(read(`${aside}/slos/ours.yaml`)).toBe('of second');
  });

  test('of nothing is refused', async () => {
    await expect(backUp('none')).rejects.toThrow(/There is no data/);
  });

  test('that was interrupted or met a full disk leaves the one before', async () => {
    fill('first', 1);
    await backUp('first');
    const before = readFileSync(file());
    const abort = new AbortController();
    abort.abort(new Error('interrupted'));
    await expect(backUp('first', { signal: abort.signal })).rejects.toThrow('interrupted');
    const store = { ...storeOf('first'), pack: fullDisk };
    await expect(backUp('first', { store })).rejects.toThrow(/ENOSPC/);
    expect(readFileSync(file()).equals(before)).toBe(true);
    expect(readdirSync(dirname(file()))).toEqual(['one.tar']);
  });
});

describe('nothing changes where a backup', () => {
  const unchanged = async (message: RegExp) => {
    fill('second', 5);
    await expect(restore('second')).rejects.toThrow(message);
    expect(incidentsOf('second')).toBe(5);
    expect(read('second-home/slos/ours.yaml')).toBe('of second');
    expect(leftovers()).toEqual([]);
  };

  test('is not there', () => unchanged(/there is no such file/));

  test('is something else', async () => {
    write('backups/one.tar', 'x'.repeat(5000));
    await unchanged(/one\.tar: is no whole backup/);
  });

  test('was cut off', async () => {
    fill('first', 1);
    await backUp('first');
    truncateSync(file(), Math.floor(statSync(file()).size * 0.7));
    await unchanged(/is no whole backup|expected SHA-256/);
  });

  test('has a part of other bytes', async () => {
    fill('first', 1);
    await backUp('first');
    await rewriteManifest(() => appendFileSync(join(root, 'rewritten/parts/loki.tar.gz'), 'x'));
    await unchanged(/loki: expected SHA-256 [0-9a-f]{64}, got/);
  });

  test('is of a newer format', async () => {
    fill('first', 1);
    await backUp('first');
    await rewriteManifest((manifest) => Object.assign(manifest, { format: 2, parts: 'unknown' }));
    await unchanged(/expected a backup of format 1 at most, got 2 of a newer version/);
  });

  test('was written by a newer component', async () => {
    fill('first', 1);
    await backUp('first');
    await rewriteManifest((manifest) =>
      Object.assign(manifest, { versions: { ...(manifest.versions as object), loki: '99.0.0' } }),
    );
    await unchanged(/newer versions than this platform has \(loki 99\.0\.0, here 3\./);
  });

  test('has other counts than it says', async () => {
    fill('first', 1);
    await backUp('first');
    await rewriteManifest((manifest) =>
      Object.assign(manifest, {
        counts: { ...(manifest.counts as object), 'incident-responder.incidents': 7 },
      }),
    );
    await unchanged(/counts 7 of incident-responder\.incidents, found 1/);
  });

  test('is interrupted on its way', async () => {
    fill('first', 1);
    await backUp('first');
    fill('second', 5);
    const abort = new AbortController();
    const { versions } = settingsOf('second');
    const backup = await openBackup({ file: file(), folder: root, versions });
    const store = storeOf('second');
    await expect(
      restoreBackup({
        backup,
        // Ctrl-C while a part is unpacked.
        store: {
          ...store,
          async stage(part, from) {
            await store.stage(part, from);
            abort.abort(new Error('interrupted'));
          },
        },
        progress,
        signal: abort.signal,
      }),
    ).rejects.toThrow('interrupted');
    await backup.close();
    expect(incidentsOf('second')).toBe(5);
    expect(leftovers()).toEqual([]);
  });

  test('meets a full disk', async () => {
    fill('first', 1);
    await backUp('first');
    fill('second', 5);
    const signal = new AbortController().signal;
    const backup = await openBackup({ file: file(), folder: root, versions: settingsOf('second').versions });
    const store = { ...storeOf('second'), stage: fullDisk };
    await expect(restoreBackup({ backup, store, progress, signal })).rejects.toThrow(/ENOSPC/);
    await backup.close();
    expect(incidentsOf('second')).toBe(5);
    expect(leftovers()).toEqual([]);
  });

  test('cannot be put in place to the end', async () => {
    fill('first', 1);
    await backUp('first');
    fill('second', 5);
    // The home folder, which comes last, finds no place.
    rmSync(join(root, 'second-home'), { recursive: true });
    writeFileSync(join(root, 'second-home'), 'a file');
    const { versions } = settingsOf('second');
    const backup = await openBackup({ file: file(), folder: root, versions });
    const store = nativeData({
      layout: layoutOf(settingsOf('second')),
      dataDir: join(root, 'second'),
      homeDir: join(root, 'second-home', 'my'),
      progress,
      signal: new AbortController().signal,
    });
    await expect(
      restoreBackup({ backup, store, progress, signal: new AbortController().signal }),
    ).rejects.toThrow(/ENOTDIR|EEXIST/);
    await backup.close();
    expect(incidentsOf('second')).toBe(5);
    expect(read('second/loki/chunks/a')).toBe('second');
  });
});
