import { chmod, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileDigest } from '@aiops-sre/service-kit/files/file-digest.ts';
import { create } from 'tar';
import { freeBytes } from '../disk-space.ts';
import type { Engine } from '../engine.ts';
import type { Progress } from '../progress.ts';
import type { Settings } from '../settings.ts';
import type { DataStore } from './data-store.ts';
import { type BackupPart, FORMAT, type Manifest } from './manifest.ts';
import { packedCounts } from './packed-counts.ts';

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1024 ** 2)} MB`;

/** @throws Error where a disk has less room than is needed. */
export function requireRoom(folder: string, bytes: number): void {
  const free = freeBytes(folder);
  if (free < bytes) throw new Error(`${folder}: ${megabytes(bytes)} are needed, ${megabytes(free)} are free`);
}

/**
 * Writes all data of the platform into one file, which appears once it is whole and was read again.
 *
 * @returns its manifest.
 * @throws Error, or what `signal` was aborted with; then there is no new file, and an old one of that name is as it was.
 */
export async function writeBackup(options: {
  readonly file: string;
  readonly store: DataStore;
  readonly engine: Engine;
  readonly secrets: boolean;
  readonly settings: Pick<Settings, 'versions'>;
  readonly platform: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}): Promise<Manifest> {
  const { store, engine, settings, platform, progress, signal } = options;
  const file = resolve(options.file);
  const parts = [...(await store.parts()), ...(options.secrets ? await store.secretParts() : [])];
  if (parts.length === 0) throw new Error('There is no data: nothing was ever started here');
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  // The parts and the file that they become, at worst as large as the data.
  requireRoom(folder, 2 * (await store.bytes(parts)));
  const staging = await mkdtemp(join(folder, `.${basename(file)}.partial-`));
  try {
    await mkdir(join(staging, 'parts'), { mode: 0o700 });
    const packed: BackupPart[] = [];
    const counts: Record<string, number> = {};
    for (const name of parts) {
      signal.throwIfAborted();
      const task = progress.task(name);
      task.step('copying');
      const packedFile = join(staging, 'parts', `${name}.tar.gz`);
      await store.pack(name, packedFile);
      task.step('reading it again');
      Object.assign(counts, await packedCounts(name, packedFile));
      const { size: bytes } = await stat(packedFile);
      packed.push({ name, bytes, sha256: await fileDigest(packedFile) });
      task.done(megabytes(bytes));
    }
    signal.throwIfAborted();
    const manifest: Manifest = {
      format: FORMAT,
      platform,
      engine,
      createdAt: new Date().toISOString(),
      versions: settings.versions,
      parts: packed,
      counts,
    };
    await writeFile(join(staging, 'manifest.json'), JSON.stringify(manifest, undefined, 2));
    const whole = join(staging, 'backup.tar');
    await create({ file: whole, cwd: staging, strict: true }, [
      'manifest.json',
      ...packed.map(({ name }) => `parts/${name}.tar.gz`),
    ]);
    await chmod(whole, 0o600);
    signal.throwIfAborted();
    await rename(whole, file);
    return manifest;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
