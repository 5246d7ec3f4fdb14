import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Progress } from '../../progress.ts';
import { readSettings, type Settings } from '../../settings.ts';
import { GoMissingError } from './build.ts';
import { DOWNLOAD_LIMITS } from './download.ts';
import { provideBinaries } from './provide.ts';
import type { Recipe } from './recipes.ts';
import { recipes } from './recipes.ts';
import { cachedRelease, createReleaseFetcher } from './released.ts';
import { type Release, releases } from './releases.ts';
import { forgedTarGz, tarGz, zip } from './testing/archives.ts';
import {
  type ReleaseServer,
  releasesOn,
  scriptsOf,
  startReleaseServer,
  versionScript,
} from './testing/release-server.ts';

const repository = dirname(dirname(dirname(import.meta.dirname)));
const { versions } = readSettings(repository, {});
const LIMITS = { ...DOWNLOAD_LIMITS, maxBytes: 1024 ** 2, idleTimeoutMs: 300, retryAfterMs: 5 };

let cacheDir: string;
let server: ReleaseServer;
let published: ReadonlyMap<string, Release>;
beforeEach(async () => {
  cacheDir = mkdtempSync(join(tmpdir(), 'releases-'));
  server = await startReleaseServer();
  published = releasesOn(server, versions);
});
afterEach(() => {
  server.close();
  rmSync(cacheDir, { recursive: true });
});

const release = (name: string) => published.get(name) as Release;
const fetcher = (signal = new AbortController().signal) =>
  createReleaseFetcher({ settings: { cacheDir }, signal, limits: LIMITS });
const fetching = (name: string, signal?: AbortSignal) => fetcher(signal).fetch(release(name), () => {});
const inCache = (folder: string) =>
  existsSync(join(cacheDir, folder)) ? readdirSync(join(cacheDir, folder)) : [];

describe('an official release', () => {
  test.each(['prometheus', 'alertmanager', 'otel-collector', 'tempo', 'loki', 'k6', 'grafana'])(
    'of %s is fetched, verified and unpacked, and tells its version',
    async (name) => {
      server.publishScripts(release(name));
      const folder = await fetching(name);
      expect(cachedRelease({ cacheDir }, release(name))).toBe(folder);
      const binaries = release(name).files ? Object.keys(release(name).files ?? {}) : ['bin/grafana'];
      for (const binary of binaries) {
        const { stdout } = await execa(join(folder, binary), ['--version']);
        expect(stdout).toContain(release(name).version);
      }
      expect(JSON.parse(readFileSync(join(folder, 'release.json'), 'utf8'))).toMatchObject({
        url: release(name).url,
        checksumsUrl: release(name).checksumsUrl,
      });
      expect(inCache('downloads')).toEqual([]);
    },
  );

  test('that is cut off again and again goes on where it was', async () => {
    // More than a connection that breaks off may take with it.
    const bulk = Array.from({ length: 12_000 }, (_, n) => createHash('sha256').update(`${n}`).digest('hex'));
    const script = `${versionScript(release('tempo'))('tempo')}# ${bulk.join('')}\n`;
    server.publish(release('tempo'), tarGz({ tempo: script }));
    server.break(release('tempo').url, { kind: 'cut', share: 0.5, times: 3 });
    await fetching('tempo');
    const path = new URL(release('tempo').url).pathname;
    const froms = server.asked
      .filter((each) => each.startsWith(path))
      .map((each) => Number(/bytes=(\d+)/.exec(each)?.[1] ?? 0));
    expect(froms).toHaveLength(4);
    expect(froms).toEqual(froms.toSorted((a, b) => a - b));
    expect(froms[1]).toBeGreaterThan(0);
  });

  test('that was interrupted is resumed by the next start', async () => {
    server.publishScripts(release('tempo'));
    server.break(release('tempo').url, { kind: 'stall' });
    const abort = new AbortController();
    const stalled = expect(fetching('tempo', abort.signal)).rejects.toThrow('interrupted');
    await vi.waitFor(() => {
      const [part = 'none yet'] = inCache('downloads');
      expect(statSync(join(cacheDir, 'downloads', part)).size).toBeGreaterThan(100);
    });
    abort.abort(new Error('interrupted'));
    await stalled;
    expect(inCache('bin')).toEqual([]);
    server.break(release('tempo').url, { kind: 'cut', share: 0, times: 0 });
    await fetching('tempo');
    expect(server.asked.at(-1)).toMatch(/ bytes=[1-9]\d*-$/);
  });

  test('whose half is of other bytes is fetched once more from its beginning', async () => {
    server.publish(release('tempo'), tarGz({ tempo: 'another file of the same name'.repeat(50) }));
    server.break(release('tempo').url, { kind: 'cut', share: 0.5, times: 9 });
    await expect(fetching('tempo')).rejects.toThrow();
    server.publishScripts(release('tempo'));
    server.break(release('tempo').url, { kind: 'cut', share: 0, times: 0 });
    expect(await fetching('tempo')).toBe(cachedRelease({ cacheDir }, release('tempo')));
  });

  test('is asked for again where the server was busy', async () => {
    server.publishScripts(release('tempo'));
    server.break(release('tempo').checksumsUrl, { kind: 'status', status: 503, times: 2 });
    server.break(release('tempo').url, { kind: 'status', status: 429, times: 1 });
    expect(await fetching('tempo')).toContain('tempo');
  });
});

describe('nothing is left in the cache of a release', () => {
  const refused = async (name: string, message: RegExp) => {
    await expect(fetching(name)).rejects.toThrow(message);
    expect(inCache('bin')).toEqual([]);
    expect(cachedRelease({ cacheDir }, release(name))).toBeUndefined();
  };

  test('that is not there', async () => {
    await refused('prometheus', /sha256sums\.txt answered 404/);
    server.publishScripts(release('prometheus'));
    server.break(release('prometheus').url, { kind: 'missing' });
    await refused('prometheus', /tar\.gz answered 404/);
    // Asked for once each: what is missing stays missing.
    expect(server.asked).toHaveLength(3);
  });

  test('with another checksum', async () => {
    server.publishScripts(release('prometheus'));
    server.break(release('prometheus').url, { kind: 'corrupt' });
    await refused('prometheus', /expected SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}/);
    expect(inCache('downloads')).toEqual([]);
  });

  test('that its list of checksums does not name', async () => {
    server.publishScripts({ ...release('prometheus'), url: `${release('prometheus').url}.other` });
    await refused('prometheus', /has no SHA-256 of prometheus-[\d.]+linux-amd64\.tar\.gz/);
  });

  test('that stops coming', async () => {
    server.publishScripts(release('prometheus'));
    server.break(release('prometheus').url, { kind: 'stall' });
    await refused('prometheus', /nothing came for/);
  });

  test('that is larger than any, or than it says', async () => {
    server.publishScripts(release('prometheus'));
    server.break(release('prometheus').url, { kind: 'size', bytes: 1024 ** 3 });
    await refused('prometheus', /more than 1 MB, which no release has/);
    server.break(release('prometheus').url, { kind: 'size', bytes: 100_000 });
    await refused('prometheus', /nothing came for|aborted|came of/);
  });

  test.each([
    ['a file beside the folder', forgedTarGz([{ path: '../../escaped', content: 'x' }])],
    ['an absolute path', forgedTarGz([{ path: '/tmp/escaped', content: 'x' }])],
    ['a link to the outside', forgedTarGz([{ path: 'tempo', linkpath: '../../../escaped' }])],
  ])('whose archive has %s', async (_, archive) => {
    server.publish(release('tempo'), archive);
    await refused('tempo', /leaves the folder|beside the folder|contains '\.\.'|absolute/);
    expect(existsSync(join(cacheDir, 'escaped'))).toBe(false);
  });

  test('whose zip has a file beside the folder', async () => {
    server.publish(release('loki'), zip({ ...scriptsOf(release('loki')), '../../escaped': 'x' }));
    await refused('loki', /invalid relative path|leaves the folder/);
    expect(existsSync(join(cacheDir, 'escaped'))).toBe(false);
  });

  test('whose archive is damaged, though its checksum is right', async () => {
    server.publish(release('tempo'), tarGz({ tempo: 'x'.repeat(2000) }).subarray(0, 60));
    await refused('tempo', /./);
    server.publish(release('loki'), zip(scriptsOf(release('loki'))).subarray(0, 60));
    await refused('loki', /./);
  });

  test('without its binary, or with one of another version', async () => {
    server.publish(release('tempo'), tarGz({ readme: 'x' }));
    await refused('tempo', /"tempo": is not in the archive/);
    server.publishScripts(release('loki'), versionScript({ version: '0.0.1' }));
    await refused('loki', /loki of .* does not run here as version/);
  });
});

test('a host that is out of reach is asked once', async () => {
  server.close();
  const one = fetcher();
  await expect(one.fetch(release('tempo'), () => {})).rejects.toThrow(/cannot be reached: ECONNREFUSED/);
  server = await startReleaseServer();
  await expect(one.fetch({ ...release('tempo') }, () => {})).rejects.toThrow(/cannot be reached/);
  expect(server.asked).toEqual([]);
});

describe('the platforms', () => {
  const urls = (os: NodeJS.Platform, arch: string, releasesUrl?: string) =>
    [...releases({ versions, releasesUrl }, { os, arch }).values()].map(({ url }) => url);

  test('have the addresses under which the projects publish', () => {
    expect(urls('linux', 'arm64')).toContain(
      `https://github.com/grafana/loki/releases/download/v${versions.loki}/loki-linux-arm64.zip`,
    );
    expect(urls('darwin', 'arm64')).toContain(
      `https://github.com/grafana/k6/releases/download/v${versions.k6}/k6-v${versions.k6}-macos-arm64.zip`,
    );
    expect(urls('win32', 'x64')).toContain(
      `https://dl.grafana.com/oss/release/grafana-${versions.grafana}.windows-amd64.zip`,
    );
    expect(urls('linux', 'x64')).toContain(
      `https://github.com/open-telemetry/opentelemetry-collector-releases/releases/download/v${versions.otelCollector}/otelcol-contrib_${versions.otelCollector}_linux_amd64.tar.gz`,
    );
  });

  test('have none where nobody publishes, or where they are switched off', () => {
    expect(urls('freebsd', 'x64')).toEqual([]);
    expect(urls('linux', 'x64', 'off')).toEqual([]);
  });

  test('have those of a mirror, which may keep the hosts apart', () => {
    expect(urls('linux', 'x64', 'https://mirror/{host}/')).toContain(
      `https://mirror/dl.grafana.com/oss/release/grafana-${versions.grafana}.linux-amd64.tar.gz`,
    );
  });
});

describe('the binaries of a start', () => {
  const [tempo, loki] = recipes(versions) as [Recipe, Recipe];
  const lines: string[] = [];
  const provide = (settings: Settings, wanted: readonly Recipe[], path = '') =>
    provideBinaries({
      settings,
      recipes: wanted,
      path,
      progress: new Progress((line) => lines.push(line)),
      signal: new AbortController().signal,
    });
  const settingsWith = () =>
    ({
      ...readSettings(repository, { AIOPS_CACHE_DIR: cacheDir, AIOPS_RELEASES_URL: server.url }),
      // Built before is nothing.
      root: repository,
    }) satisfies Settings;

  test('are those of the releases, and no second start asks for them', async () => {
    const here = releasesOn(server, versions, { os: process.platform, arch: process.arch });
    for (const name of ['tempo', 'loki']) server.publishScripts(here.get(name) as Release);
    const first = await provide(settingsWith(), [tempo, loki]);
    expect(first.tempo).toContain(cacheDir);
    const asked = server.asked.length;
    expect(await provide(settingsWith(), [tempo, loki])).toEqual(first);
    expect(server.asked).toHaveLength(asked);
  });

  test('come from the PATH first', async () => {
    const here = releasesOn(server, versions, { os: process.platform, arch: process.arch });
    server.publishScripts(here.get('tempo') as Release);
    const { tempo: cached = '' } = await provide(settingsWith(), [tempo]);
    const onPath = join(cacheDir, 'on-path');
    await execa('mkdir', [onPath]);
    await execa('cp', [cached, onPath]);
    expect(await provide(settingsWith(), [tempo], onPath)).toEqual({ tempo: join(onPath, 'tempo') });
  });

  test('are built where no release can be had, which is said with the reason', async () => {
    const path = process.env.PATH;
    process.env.PATH = cacheDir; // no Go: whether it is asked for is what counts
    try {
      await expect(provide(settingsWith(), [tempo])).rejects.toThrow(GoMissingError);
      await expect(provide(settingsWith(), [tempo])).rejects.toThrow(
        /no Go on the PATH\. No official release of tempo [\d.]+: .*SHA256SUMS answered 404/,
      );
    } finally {
      process.env.PATH = path;
    }
  });
});
