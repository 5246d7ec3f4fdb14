import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Progress } from '../progress.ts';
import { readSettings } from '../settings.ts';
import { createReleaseFetcher } from './binaries/released.ts';
import type { Release } from './binaries/releases.ts';
import { type ReleaseServer, releasesOn, startReleaseServer } from './binaries/testing/release-server.ts';
import { provideGrafana } from './grafana.ts';

const repository = dirname(dirname(import.meta.dirname));
const { signal } = new AbortController();
let folder: string;
let server: ReleaseServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'grafana-'));
  server = await startReleaseServer();
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function provide(environment: Record<string, string> = {}, path = '') {
  const settings = readSettings(repository, {
    AIOPS_CACHE_DIR: join(folder, 'cache'),
    AIOPS_RELEASES_URL: server.url,
    ...environment,
  });
  const lines: string[] = [];
  const progress = new Progress((line) => lines.push(line));
  const fetcher = createReleaseFetcher({ settings, signal });
  return { grafana: await provideGrafana({ settings, path, progress, signal, fetcher }), lines };
}
const publish = () => {
  const { versions } = readSettings(repository, {});
  const here = releasesOn(server, versions, { os: process.platform, arch: process.arch });
  server.publishScripts(here.get('grafana') as Release);
};
function install(...path: string[]): string {
  const file = join(folder, ...path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
  return file;
}

test('Grafana is that of GRAFANA_HOME, else that of the PATH, and no release is asked for', async () => {
  publish();
  const atHome = install('home', 'bin', 'grafana');
  const onPath = install('bin', 'grafana');
  expect((await provide({ GRAFANA_HOME: join(folder, 'home') }, dirname(onPath))).grafana).toEqual({
    command: atHome,
    home: join(folder, 'home'),
  });
  expect((await provide({}, dirname(onPath))).grafana).toMatchObject({ command: onPath });
  expect(server.asked).toEqual([]);
  await expect(provide({ GRAFANA_HOME: join(folder, 'none') })).rejects.toThrow(
    /GRAFANA_HOME: expected an executable/,
  );
});

test('else that of the official release, with its own home, fetched once', async () => {
  publish();
  const { grafana } = await provide();
  expect(grafana?.command).toBe(join(grafana?.home ?? '', 'bin', 'grafana'));
  expect(grafana?.home).toContain(join(folder, 'cache'));
  const asked = server.asked.length;
  expect((await provide()).grafana).toEqual(grafana);
  expect(server.asked).toHaveLength(asked);
});

test('and where there is none, everything else starts, and why is said', async () => {
  const { grafana, lines } = await provide();
  expect(grafana).toBeUndefined();
  expect(lines.at(-1)).toMatch(/no official release \(.*\.sha256 answered 404\).*everything else starts/);
  expect((await provide({ AIOPS_RELEASES_URL: 'off' })).lines.at(-1)).toMatch(
    /no official release for this host/,
  );
});
