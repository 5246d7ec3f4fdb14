import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract, list, type ReadEntry } from 'tar';
import yauzl from 'yauzl';
import type { Release } from './releases.ts';

/** The Collector and Grafana, the largest, have some 800 MB. */
const MAX_UNPACKED_BYTES = 2 * 1024 ** 3;
const MAX_ENTRIES = 100_000;

const problem = (path: string, why: string) => new Error(`${JSON.stringify(path)}: ${why}`);

/** Nothing an honest archive has: it would be written beside the folder. */
const leavesFolder = (path: string) => /(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[a-z]:/i.test(path);

/** Counts what an archive would become. @throws Error where it is more than a release has. */
function bounded(maxBytes: number): (path: string, bytes: number) => void {
  let sum = 0;
  let entries = 0;
  return (path, bytes) => {
    if (leavesFolder(path)) throw problem(path, 'leaves the folder it is unpacked into');
    sum += bytes;
    entries += 1;
    if (sum > maxBytes || entries > MAX_ENTRIES)
      throw problem(path, `more than ${Math.round(maxBytes / 1024 ** 2)} MB or ${MAX_ENTRIES} files`);
  };
}

async function unpackTar(archive: string, folder: string, wanted: Release['files'], maxBytes: number) {
  const count = bounded(maxBytes);
  const found: unknown[] = [];
  const look = ({ path, size, type, linkpath }: ReadEntry) => {
    try {
      count(path, size);
      if (linkpath !== undefined && leavesFolder(linkpath) && type !== 'File')
        throw problem(path, `is a link to ${linkpath}, beside the folder`);
    } catch (error) {
      found.push(error);
    }
  };
  // Before anything is written.
  await list({ file: archive, strict: true, onReadEntry: look });
  if (found.length > 0) throw found[0];
  const paths = wanted && new Set(Object.values(wanted));
  await extract({
    file: archive,
    cwd: folder,
    strict: true,
    strip: wanted ? 0 : 1,
    filter: (path) => paths === undefined || paths.has(path.replace(/^\.\//, '')),
  });
}

async function unpackZip(archive: string, folder: string, wanted: Release['files'], maxBytes: number) {
  const count = bounded(maxBytes);
  const paths = wanted && new Set(Object.values(wanted));
  const zip = await yauzl.openPromise(archive, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName, uncompressedSize } = entry;
      count(fileName, uncompressedSize);
      if (fileName.endsWith('/') || (paths && !paths.has(fileName))) continue;
      const file = join(folder, paths ? fileName : fileName.split('/').slice(1).join('/'));
      await mkdir(dirname(file), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(file));
    }
  } finally {
    zip.close();
  }
}

/**
 * Unpacks what `release.files` names into `folder`, under those names; or all of it.
 *
 * @throws Error where the archive is damaged, has not what was asked for, is too large, or would write elsewhere. What it
 *   wrote until then is in `folder`.
 */
export async function unpack(options: {
  readonly archive: string;
  readonly folder: string;
  readonly release: Pick<Release, 'archive' | 'files'>;
  readonly maxBytes?: number;
}): Promise<void> {
  const { archive, folder, release, maxBytes = MAX_UNPACKED_BYTES } = options;
  const unpackKind = release.archive === 'zip' ? unpackZip : unpackTar;
  if (!release.files) return await unpackKind(archive, folder, undefined, maxBytes);
  const inside = join(folder, '.archive');
  await mkdir(inside);
  await unpackKind(archive, inside, release.files, maxBytes);
  for (const [binary, path] of Object.entries(release.files)) {
    const file = join(folder, binary);
    await rename(join(inside, path), file).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? problem(path, 'is not in the archive') : error;
    });
    await chmod(file, 0o755);
  }
  await rm(inside, { recursive: true, force: true });
}
