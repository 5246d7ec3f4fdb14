import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileDigest } from '@aiops-sre/service-kit/files/file-digest.ts';
import { extract } from 'tar';
import type { Progress } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { requireRoom } from './backup.ts';
import type { DataStore } from './data-store.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { packedCounts } from './packed-counts.ts';

/** A backup, unpacked and whole. */
export interface OpenedBackup {
  readonly manifest: Manifest;
  partFile(name: string): string;
  close(): Promise<void>;
}

/**
 * Unpacks a backup into a folder of its own in `folder` and holds every part against its checksum.
 *
 * @throws Error where it is none, is damaged, was cut off, or is not for this version.
 */
export async function openBackup(options: {
  readonly file: string;
  readonly folder: string;
  readonly versions: Settings['versions'];
}): Promise<OpenedBackup> {
  const { file, folder, versions } = options;
  const { size } = await stat(file).catch((cause) => {
    throw new Error(`${file}: there is no such file`, { cause });
  });
  await mkdir(folder, { recursive: true });
  requireRoom(folder, size);
  const opened = await mkdtemp(join(folder, '.data-backup-'));
  const partFile = (name: string) => join(opened, 'parts', `${name}.tar.gz`);
  try {
    await extract({
      file,
      cwd: opened,
      strict: true,
      filter: (path) => path === 'manifest.json' || /^parts\/[a-z0-9-]+\.tar\.gz$/.test(path),
    }).catch((cause: Error) => {
      throw new Error(`${file}: is no whole backup: ${cause.message}`, { cause });
    });
    const text = await readFile(join(opened, 'manifest.json'), 'utf8').catch((cause) => {
      throw new Error(`${file}: is no backup: it has no manifest.json`, { cause });
    });
    const manifest = readManifest(text, file, versions);
    for (const { name, sha256: expected } of manifest.parts) {
      const found = await fileDigest(partFile(name)).catch(() => 'nothing');
      if (found !== expected) throw new Error(`${file}: ${name}: expected SHA-256 ${expected}, got ${found}`);
    }
    return { manifest, partFile, close: () => rm(opened, { recursive: true, force: true }) };
  } catch (error) {
    await rm(opened, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Puts an opened backup in place of all data. Until the last step nothing that is there is touched; that step is a matter of
 * renaming, and undone where it fails.
 *
 * @returns names of the parts that this engine has no place for.
 * @throws Error, or what `signal` was aborted with; then all is as it was.
 */
export async function restoreBackup(options: {
  readonly backup: OpenedBackup;
  readonly store: DataStore;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}): Promise<readonly string[]> {
  const { backup, store, progress, signal } = options;
  const { parts, counts } = backup.manifest;
  try {
    for (const { name } of parts.filter((part) => store.accepts(part.name))) {
      signal.throwIfAborted();
      const task = progress.task(name);
      task.step('unpacking');
      const file = backup.partFile(name);
      for (const [what, found] of Object.entries(await packedCounts(name, file)))
        if (found !== counts[what])
          throw new Error(`${name}: the manifest counts ${counts[what]} of ${what}, found ${found}`);
      await store.stage(name, file);
      task.done('unpacked');
    }
    signal.throwIfAborted();
    await store.commit();
    return parts.flatMap(({ name }) => (store.accepts(name) ? [] : [name]));
  } finally {
    await store.abandon();
  }
}
