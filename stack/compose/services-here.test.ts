import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stop } from '../commands/stop.ts';
import { layout } from '../native/layout.ts';
import { readSettings, type Settings } from '../settings.ts';
import { writeState } from '../state.ts';
import { composeServicesHere } from './docker.ts';

const root = join(import.meta.dirname, '..', '..');
let folder: string;

/** Settings of a checkout whose project runs; its data folder is its own, where no other is given. */
function checkout(dataDir = join(folder, '.data')): Settings {
  return { ...readSettings(root, {}), root: folder, dataDir };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'services-here-'));
  const docker = `#!/bin/sh\n[ "$1 $2" = "compose ps" ] && echo storefront || echo "$*" >> "${folder}/asked"\n`;
  writeFileSync(join(folder, 'docker'), docker, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

async function startedBy(settings: Settings, engine: 'compose' | 'native'): Promise<Settings> {
  const file = layout(settings).stateFile;
  mkdirSync(dirname(file), { recursive: true });
  await writeState(file, { engine, startedAt: new Date(0).toISOString(), demo: true });
  return settings;
}

it('what docker compose up started by itself is here', async () => {
  expect(await composeServicesHere(checkout())).toEqual(['storefront']);
});

it('and what npm start started with Compose, wherever its data is', async () => {
  const elsewhere = await startedBy(checkout(join(folder, 'elsewhere')), 'compose');
  expect(await composeServicesHere(elsewhere)).toEqual(['storefront']);
});

it('but not beside a start without containers, nor for a stack with data of its own', async () => {
  expect(await composeServicesHere(await startedBy(checkout(), 'native'))).toEqual([]);
  expect(await composeServicesHere(checkout(join(folder, 'of-a-test')))).toEqual([]);
});

it('what docker compose up started by itself is ended by npm stop, whose data stays', async () => {
  const said: string[] = [];
  const signal = new AbortController().signal;
  await stop({ settings: checkout(), environment: {}, signal, write: (line) => void said.push(line) });
  expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('compose --profile * down\n');
  expect(said).toEqual(['Stopped 1 components. Data stays; npm start goes on with it.']);
});
