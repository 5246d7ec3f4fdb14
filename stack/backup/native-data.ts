import { constants, existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { backup as backupDatabase, DatabaseSync } from 'node:sqlite';
import { create, extract } from 'tar';
import type { Layout } from '../native/layout.ts';
import { stopNative } from '../native/stop.ts';
import { SupervisorClient } from '../native/supervisor/client.ts';
import { waitUntilReady } from '../native/wait-until-ready.ts';
import type { Progress } from '../progress.ts';
import type { DataStore } from './data-store.ts';
import { KEPT_DATA } from './manifest.ts';

const SECRETS = 'secrets';
export const HOME = 'home';
const FLAGS = 'flags';
/** They write in place, so a copy is taken while they stand still: seconds, and the others go on meanwhile. */
const STANDS_STILL = new Set(['prometheus', 'tempo', 'loki', 'otel-collector', 'postgres']);
const READY_TIMEOUT_MS = 120_000;

const isDatabase = (name: string) => /\.(sqlite|db)$/.test(name);
/** Of a database in use; a copy by SQLite itself has what they hold. */
const isBesideDatabase = (name: string) => /\.(sqlite|db)-(wal|shm|journal)$/.test(name);
/** Of whoever writes at the moment. */
const isPassing = (name: string) => name === 'lock' || name.endsWith('.partial') || name === '.write-check';

async function bytesOf(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    sum += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
  }
  return sum;
}

/** The folder as of one moment, though its component goes on writing: what it writes, it renames into place or is SQLite's. */
async function copyLive(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const { name } = entry;
    if (isBesideDatabase(name) || isPassing(name)) continue;
    const [source, target] = [join(from, name), join(to, name)];
    if (entry.isDirectory()) await copyLive(source, target);
    else if (entry.isFile() && isDatabase(name)) {
      const database = new DatabaseSync(source, { timeout: 5_000 });
      try {
        await backupDatabase(database, target);
      } finally {
        database.close();
      }
    } else if (entry.isFile())
      await cp(source, target, { mode: constants.COPYFILE_FICLONE, preserveTimestamps: true });
  }
}

/** Data of the native engine: the folders of the components, the flags, the secrets and the home folder. */
export function nativeData(options: {
  readonly layout: Layout;
  readonly dataDir: string;
  /** Definitions, rules and runbooks of its user. */
  readonly homeDir: string;
  /** Instead of all. */
  readonly known?: readonly string[];
  readonly progress: Progress;
  readonly signal: AbortSignal;
}): DataStore {
  const { layout, dataDir, homeDir, progress, signal } = options;
  const known = options.known ?? [...Object.keys(KEPT_DATA), FLAGS, HOME];
  const folderOf = (part: string) => (part === HOME ? homeDir : layout.data(part));
  const stagingDir = join(dirname(dataDir), `${basename(dataDir)}-restoring-${process.pid}`);
  const staged = new Set<string>();

  async function whileStandingStill(part: string, work: () => Promise<void>): Promise<void> {
    const supervisor = new SupervisorClient(layout.socketPath);
    const running = (await supervisor.processes().catch(() => undefined))?.find(({ name }) => name === part);
    if (!STANDS_STILL.has(part) || running?.state !== 'running') return await work();
    await supervisor.act(part, 'stop');
    try {
      await work();
    } finally {
      await supervisor.act(part, 'start');
      await waitUntilReady({
        supervisor,
        names: [part],
        logDir: layout.logDir,
        timeoutMs: READY_TIMEOUT_MS,
        progress,
        // It is to come back, also after Ctrl-C.
        signal: new AbortController().signal,
      });
    }
  }

  return {
    parts: async () => known.filter((part) => existsSync(folderOf(part))),
    secretParts: async () => (existsSync(layout.secretsDir) ? [SECRETS] : []),
    accepts: (part) => known.includes(part) || part === SECRETS,
    async bytes(parts) {
      const sizes = await Promise.all(parts.map((part) => bytesOf(folderOf(part))));
      return sizes.reduce((sum, bytes) => sum + bytes, 0);
    },
    async pack(part, file) {
      const copy = await mkdtemp(`${file}-copy-`);
      try {
        await whileStandingStill(part, () => copyLive(folderOf(part), copy));
        signal.throwIfAborted();
        await create({ file, cwd: copy, gzip: { level: 1 }, portable: false, strict: true }, ['.']);
      } finally {
        await rm(copy, { recursive: true, force: true });
      }
    },
    async stage(part, file) {
      const folder = join(stagingDir, part);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await extract({ file, cwd: folder, strict: true });
      staged.add(part);
    },
    async commit() {
      await stopNative(layout);
      const stamp = new Date().toISOString().replace(/[-:.]/g, '');
      const replaced = join(stagingDir, '.replaced');
      await mkdir(replaced, { recursive: true });
      // Secrets that a backup leaves out stay, and so does a home folder.
      const parts = new Set([...known.filter((part) => part !== HOME), ...staged]);
      const undo: (() => Promise<void>)[] = [];
      const move = async (from: string, to: string) => {
        await rename(from, to);
        undo.unshift(() => rename(to, from));
      };
      try {
        for (const part of parts) {
          const folder = folderOf(part);
          // Work of its user is not thrown away.
          const aside = part === HOME ? `${folder}.before-restore-${stamp}` : join(replaced, part);
          if (existsSync(folder)) await move(folder, aside);
          if (!staged.has(part)) continue;
          await mkdir(dirname(folder), { recursive: true });
          await move(join(stagingDir, part), folder);
        }
      } catch (error) {
        for (const back of undo) await back();
        throw error;
      }
    },
    abandon: () => rm(stagingDir, { recursive: true, force: true }),
  };
}
