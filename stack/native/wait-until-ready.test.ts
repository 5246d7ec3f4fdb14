import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Progress } from '../progress.ts';
import { readSettings } from '../settings.ts';
import { layout as layoutOf } from './layout.ts';
import { stopNative } from './stop.ts';
import { SupervisorClient } from './supervisor/client.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const root = join(import.meta.dirname, '..', '..');
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ready-'));
});
afterEach(async () => {
  await stopNative(paths());
  rmSync(dataDir, { recursive: true });
});
const paths = () => layoutOf(readSettings(root, { AIOPS_DATA_DIR: dataDir }));

async function supervise(script: string, readyUrl: string): Promise<SupervisorClient> {
  const { socketPath, recordsFile, logDir, runDir } = paths();
  mkdirSync(runDir, { recursive: true });
  const spec = {
    name: 'component',
    command: process.execPath,
    args: ['-e', script],
    environment: {},
    workingDirectory: dataDir,
    readyUrl,
    stopTimeoutMs: 1_000,
    autostart: true,
  };
  const file = join(dataDir, 'spec.json');
  writeFileSync(file, JSON.stringify({ socketPath, recordsFile, logDir, processes: [spec] }));
  spawn(process.execPath, [join(root, 'stack/native/supervisor/main.ts'), file], { stdio: 'ignore' });
  const client = new SupervisorClient(socketPath);
  await vi.waitFor(async () => expect(await client.processes()).toBeDefined(), { timeout: 15_000 });
  return client;
}

const wait = (supervisor: SupervisorClient, lines: string[], timeoutMs = 30_000) =>
  waitUntilReady({
    supervisor,
    names: ['component'],
    logDir: paths().logDir,
    timeoutMs,
    progress: new Progress((line) => lines.push(line)),
    signal: new AbortController().signal,
  });

test('a component that dies at start is told with its last log lines', async () => {
  const client = await supervise(
    'console.error("cannot open the database"); process.exit(7)',
    'http://127.0.0.1:1/',
  );
  await expect(wait(client, [])).rejects.toThrow(
    /component ended 3 times \(7\); its last log lines:[\s\S]*cannot open the database/,
  );
});

test('a component that is never ready is told with its last log lines once the time is up', async () => {
  const client = await supervise(
    'console.log("still waiting for a lock"); setInterval(() => {}, 1000)',
    'http://127.0.0.1:1/',
  );
  await expect(wait(client, [], 1_000)).rejects.toThrow(/not ready after 1 s[\s\S]*still waiting for a lock/);
});

test('a component that answers its ready URL is ready', async () => {
  const port = await getPort({ host: '127.0.0.1' });
  const script = `require('http').createServer((_, r) => r.end()).listen(${port}, '127.0.0.1')`;
  const client = await supervise(script, `http://127.0.0.1:${port}/`);
  const lines: string[] = [];
  await wait(client, lines);
  expect(lines.at(-1)).toMatch(/component +ready/);
});
