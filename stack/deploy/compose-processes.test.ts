import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { composeDown } from '../compose/docker.ts';
import { layout } from '../native/layout.ts';
import { readSettings, type Settings } from '../settings.ts';
import { composeProcesses } from './compose-processes.ts';
import { rememberVersion } from './storefront-version.ts';

const root = join(import.meta.dirname, '..', '..');
let folder: string;
let settings: Settings;

/** A `docker` on which the demo runs, without Grafana. What it was told is in `asked`, with the variables it was told by. */
function installDocker(fails = 'nothing'): void {
  const script = `#!/bin/sh
echo "$STOREFRONT_RELEASE [$COMPOSE_PROFILES] $*" >> "${folder}/asked"
case "$*" in
  *"${fails}"*) exit 1 ;;
  "compose ps"*) printf 'storefront\\ntraffic\\nprometheus\\n' ;;
esac
`;
  writeFileSync(join(folder, 'docker'), script, { mode: 0o755 });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compose-processes-'));
  settings = readSettings(root, { AIOPS_DATA_DIR: join(folder, 'data') });
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  for (const name of ['STOREFRONT_RELEASE', 'COMPOSE_PROFILES']) vi.stubEnv(name, '');
  installDocker();
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** But for questions. */
const asked = () =>
  readFileSync(join(folder, 'asked'), 'utf8')
    .trim()
    .split('\n')
    .filter((line) => !line.includes('compose ps'));
const PREPARE = 'compose run --rm --no-TTY -e HISTORY=off prepare';
const SCRAPE = ' [] compose exec --no-TTY prometheus kill -HUP 1';
const UP = 'compose up --detach --no-build --no-deps --wait --wait-timeout 120';

it('a canary is scraped, and starts with its version beside the stable one, which is left alone', async () => {
  await composeProcesses(settings).startCanary('1.2.0');
  expect(asked()).toEqual([
    `1.0.0 [demo,traffic,canary] ${PREPARE}`,
    SCRAPE,
    `1.2.0 [] ${UP} storefront-canary`,
  ]);
});

it('is not scraped any more before it is gone, so that nobody misses it', async () => {
  await composeProcesses(settings).stopCanary();
  expect(asked()).toEqual([
    `1.0.0 [demo,traffic] ${PREPARE}`,
    SCRAPE,
    '1.0.0 [] compose rm --stop --force storefront-canary',
  ]);
});

it('the stable storefront alone starts anew with a version, and is what others are compared with from then on', async () => {
  await composeProcesses(settings).restartStable('1.1.0');
  await rememberVersion(layout(settings), 'storefront', '1.1.0');
  await composeProcesses(settings).startCanary('1.2.0');
  expect(asked()[0]).toBe(`1.1.0 [] ${UP} storefront`);
  expect(asked()[1]).toBe(`1.1.0 [demo,traffic,canary] ${PREPARE}`);
});

it('a version that does not become healthy is no canary', async () => {
  installDocker('storefront-canary');
  await expect(composeProcesses(settings).startCanary('1.2.0')).rejects.toThrow('storefront-canary');
});

it('a stop of everything leaves no canary of a deployment that was cut off', async () => {
  await composeDown(settings, { volumes: false });
  expect(asked()).toEqual(['[] compose --profile * down']);
});
