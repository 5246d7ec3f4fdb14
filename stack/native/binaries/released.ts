import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Settings } from '../../settings.ts';
import {
  DOWNLOAD_LIMITS,
  type DownloadLimits,
  download,
  HostUnreachable,
  releasedChecksum,
} from './download.ts';
import { hasVersion } from './find.ts';
import type { Release } from './releases.ts';
import { unpack } from './unpack.ts';

const MEGABYTE = 1024 ** 2;

/** Folder of a release's files in the cache; another mirror is no other release. */
function releaseFolder(settings: Pick<Settings, 'cacheDir'>, release: Release): string {
  const { name, version, url, files } = release;
  const digest = createHash('sha256')
    .update(JSON.stringify([basename(url), files]))
    .digest('hex');
  return join(settings.cacheDir, 'bin', `${name}-${version}-release-${digest.slice(0, 12)}`);
}

/** Path of an unpacked release, or undefined. A folder appears in the cache only when whole. */
export function cachedRelease(
  settings: Pick<Settings, 'cacheDir'>,
  release: Release | undefined,
): string | undefined {
  const folder = release && releaseFolder(settings, release);
  return folder && existsSync(folder) ? folder : undefined;
}

export interface ReleaseFetcher {
  /**
   * Downloads a release, holds it against its checksum, unpacks it into the cache and asks it for its version.
   *
   * @returns its folder.
   * @throws Error that says why it cannot be had. A host that was out of reach is not asked again.
   */
  fetch(release: Release, onStep: (step: string) => void): Promise<string>;
}

export function createReleaseFetcher(options: {
  readonly settings: Pick<Settings, 'cacheDir'>;
  readonly signal: AbortSignal;
  readonly limits?: DownloadLimits;
}): ReleaseFetcher {
  const { settings, signal, limits = DOWNLOAD_LIMITS } = options;
  const unreachable = new Map<string, Error>();

  async function fetchRelease(release: Release, onStep: (step: string) => void): Promise<string> {
    const { name, version, url, checksumsUrl, files } = release;
    const folder = releaseFolder(settings, release);
    const downloads = join(settings.cacheDir, 'downloads');
    const archive = join(downloads, `${version}-${basename(url)}`);
    await mkdir(downloads, { recursive: true });
    await mkdir(join(settings.cacheDir, 'bin'), { recursive: true });
    onStep('looking up its checksum');
    const sha256 = await releasedChecksum({ url: checksumsUrl, file: basename(url), signal, limits });
    const megabytes = (bytes: number) => `${(bytes / MEGABYTE).toFixed(0)} MB`;
    onStep('downloading');
    await download({
      url,
      file: archive,
      sha256,
      signal,
      limits,
      onBytes: (bytes, expected) =>
        onStep(`downloading, ${megabytes(bytes)}${expected ? ` of ${megabytes(expected)}` : ''}`),
    });
    const unfinished = await mkdtemp(join(settings.cacheDir, 'bin', `.unpacking-${name}-`));
    try {
      onStep('unpacking');
      await unpack({ archive, folder: unfinished, release });
      const binaries = files
        ? Object.keys(files).map((binary) => join(unfinished, binary))
        : [join(unfinished, 'bin', name)];
      for (const binary of binaries)
        if (!(await hasVersion(binary, version)))
          throw new Error(`${basename(binary)} of ${url} does not run here as version ${version}`);
      // What it is and how that is known, for whoever asks later.
      await writeFile(
        join(unfinished, 'release.json'),
        JSON.stringify({ url, sha256, checksumsUrl }, undefined, 2),
      );
      signal.throwIfAborted();
      if (!existsSync(folder)) await rename(unfinished, folder);
      return folder;
    } finally {
      await rm(unfinished, { recursive: true, force: true });
      await rm(archive, { force: true });
    }
  }

  return {
    async fetch(release, onStep) {
      const { host } = new URL(release.url);
      const known = unreachable.get(host);
      if (known) throw known;
      try {
        return await fetchRelease(release, onStep);
      } catch (error) {
        if (error instanceof HostUnreachable) unreachable.set(host, error);
        throw error;
      }
    },
  };
}
