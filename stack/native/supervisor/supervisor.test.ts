import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readSettings } from '../../settings.ts';
import { layout as layoutOf } from '../layout.ts';
import { nativeStatus } from '../status.ts';
import { stopNative } from '../stop.ts';
import { SupervisorClient } from './client.ts';
import { processStartTime } from './process-identity.ts';
import type { ProcessSpec, SupervisorSpec } from './process-spec.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const WAIT = { timeout: 15_000, interval: 50 };

let dataDir: string;
let supervisor: ChildProcess | undefined;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'supervisor-'));
});

afterEach(async () => {
  await stopNative(paths());
  supervisor = undefined;
  rmSync(dataDir, { recursive: true, force: true });
});

const paths = () => layoutOf(readSettings(root, { AIOPS_DATA_DIR: dataDir }));

function node(name: string, script: string, more: Partial<ProcessSpec> = {}): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: ['-e', script],
    environment: {},
    workingDirectory: dataDir,
    readyUrl: 'http://127.0.0.1:1/',
    stopTimeoutMs: 2_000,
    autostart: true,
    ...more,
  };
}

const FOREVER = 'setInterval(() => {}, 1000)';

async function supervise(...processes: ProcessSpec[]): Promise<SupervisorClient> {
  const { socketPath, recordsFile, logDir, runDir } = paths();
  const spec: SupervisorSpec = { socketPath, recordsFile, logDir, guards: [], processes };
  mkdirSync(runDir, { recursive: true });
  const file = paths().supervisorSpecFile;
  writeFileSync(file, JSON.stringify(spec));
  supervisor = spawn(process.execPath, [join(root, 'stack/native/supervisor/main.ts'), file], {
    stdio: 'inherit',
  });
  const client = new SupervisorClient(socketPath);
  await vi.waitFor(async () => expect(await client.processes()).toBeDefined(), WAIT);
  return client;
}

async function statusOf(client: SupervisorClient, name: string) {
  return (await client.processes())?.find((each) => each.name === name);
}

describe('the supervisor', () => {
  test('starts what is marked so, and leaves the rest until asked', async () => {
    const client = await supervise(node('now', FOREVER), node('later', FOREVER, { autostart: false }));
    await vi.waitFor(async () => expect((await statusOf(client, 'now'))?.state).toBe('running'), WAIT);
    expect((await statusOf(client, 'later'))?.state).toBe('stopped');
    expect((await client.act('later', 'start')).state).toBe('running');
  });

  test('starts a crashed process again and counts the crash', async () => {
    const client = await supervise(node('crashing', 'console.log("about to crash"); process.exit(3)'));
    await vi.waitFor(
      async () => expect((await statusOf(client, 'crashing'))?.crashes).toBeGreaterThanOrEqual(2),
      WAIT,
    );
    expect((await statusOf(client, 'crashing'))?.lastExit).toBe(3);
    const log = readFileSync(join(paths().logDir, 'crashing.log'), 'utf8');
    expect(log.match(/about to crash/g)?.length).toBeGreaterThanOrEqual(2);
  });

  test('tells a process to read its configuration again, and leaves it running', async () => {
    const reloads = `process.on('SIGHUP', () => console.log('read again')); console.log('ready'); ${FOREVER}`;
    const client = await supervise(node('reloading', reloads), node('down', FOREVER, { autostart: false }));
    const log = () => readFileSync(join(paths().logDir, 'reloading.log'), 'utf8');
    await vi.waitFor(() => expect(log()).toContain('ready'), WAIT);
    const { pid } = await client.act('reloading', 'reload');
    await vi.waitFor(() => expect(log()).toContain('read again'), WAIT);
    expect(await statusOf(client, 'reloading')).toMatchObject({ state: 'running', pid, crashes: 0 });
    expect((await client.act('down', 'reload')).state).toBe('stopped');
  });

  test('leaves a killed process down until it is started', async () => {
    const client = await supervise(node('victim', FOREVER));
    const before = await vi.waitFor(async () => {
      const status = await statusOf(client, 'victim');
      expect(status?.state).toBe('running');
      return status;
    }, WAIT);
    expect((await client.act('victim', 'kill')).state).toBe('stopped');
    const after = await client.act('victim', 'start');
    expect(after.pid).not.toBe(before?.pid);
    expect(after.crashes).toBe(0);
  });

  test('kills what does not end within its time', async () => {
    const script = `process.on('SIGTERM', () => {}); console.log('deaf'); ${FOREVER}`;
    const client = await supervise(node('deaf', script, { stopTimeoutMs: 200 }));
    const logged = join(paths().logDir, 'deaf.log');
    await vi.waitFor(() => expect(readFileSync(logged, 'utf8')).toContain('deaf'), WAIT);
    const stopped = await client.act('deaf', 'stop');
    expect(stopped).toMatchObject({ state: 'stopped', lastExit: 'SIGKILL' });
  });

  test('gives a process its own environment and nothing of anybody else', async () => {
    process.env.LEAKED_FROM_OUTSIDE = 'yes';
    const client = await supervise(
      node('printer', `console.log(JSON.stringify(Object.keys(process.env))); ${FOREVER}`, {
        environment: { GIVEN: '1' },
      }),
    );
    delete process.env.LEAKED_FROM_OUTSIDE;
    await vi.waitFor(async () => expect((await statusOf(client, 'printer'))?.state).toBe('running'), WAIT);
    const log = join(paths().logDir, 'printer.log');
    await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toContain('GIVEN'), WAIT);
    expect(readFileSync(log, 'utf8')).not.toContain('LEAKED_FROM_OUTSIDE');
  });
});

async function killSupervisor(): Promise<void> {
  const exited = once(supervisor as ChildProcess, 'exit');
  supervisor?.kill('SIGKILL');
  await exited;
}

describe('a killed supervisor', () => {
  test('leaves processes that go on, log on, and are told of as unwatched', async () => {
    const script = "setInterval(() => console.log('alive'), 50)";
    const client = await supervise(node('orphan', script), node('idle', FOREVER, { autostart: false }));
    const pid = (await statusOf(client, 'orphan'))?.pid;
    await killSupervisor();
    const log = join(paths().logDir, 'orphan.log');
    const before = readFileSync(log).length;
    await vi.waitFor(() => expect(readFileSync(log).length).toBeGreaterThan(before + 20), WAIT);
    expect(await nativeStatus(paths())).toMatchObject([
      { name: 'orphan', state: 'unwatched', pid },
      { name: 'idle', state: 'stopped' },
    ]);
  });

  test('is followed by one that takes over what runs, starts what ended, and starts it again when it ends', async () => {
    const specs = [
      node('steady', FOREVER),
      node('ended', FOREVER, { autostart: false }),
      node('idle', FOREVER, { autostart: false }),
    ];
    const first = await supervise(...specs);
    await first.act('ended', 'start');
    const before = new Map((await first.processes())?.map(({ name, pid }) => [name, pid]));
    await killSupervisor();
    process.kill(before.get('ended') as number, 'SIGKILL');
    await vi.waitFor(() => expect(processStartTime(before.get('ended') as number)).toBeUndefined(), WAIT);

    const second = await supervise(...specs);
    expect(await statusOf(second, 'steady')).toMatchObject({ state: 'running', pid: before.get('steady') });
    const ended = await statusOf(second, 'ended');
    expect(ended?.state).toBe('running');
    expect(ended?.pid).not.toBe(before.get('ended'));
    expect((await statusOf(second, 'idle'))?.state).toBe('stopped');

    process.kill(before.get('steady') as number, 'SIGKILL');
    await vi.waitFor(async () => {
      const steady = await statusOf(second, 'steady');
      expect(steady).toMatchObject({ state: 'running', crashes: 1 });
      expect(steady?.pid).not.toBe(before.get('steady'));
    }, WAIT);
    expect((await second.act('steady', 'stop')).state).toBe('stopped');
  });

  test('is not followed by one that takes a stranger with the same pid for its own', async () => {
    const client = await supervise(node('mine', FOREVER));
    const pid = (await statusOf(client, 'mine'))?.pid as number;
    await killSupervisor();
    process.kill(pid, 'SIGKILL');
    const stranger = spawn(process.execPath, ['-e', FOREVER]);
    try {
      const records = readFileSync(paths().recordsFile, 'utf8').replace(
        `"pid": ${pid}`,
        `"pid": ${stranger.pid}`,
      );
      writeFileSync(paths().recordsFile, records);
      const second = await supervise(node('mine', FOREVER));
      const mine = (await statusOf(second, 'mine'))?.pid;
      expect(mine).not.toBe(stranger.pid);
      await stopNative(paths());
      expect(processStartTime(stranger.pid as number)).toBeDefined();
      expect(processStartTime(mine as number)).toBeUndefined();
    } finally {
      stranger.kill('SIGKILL');
    }
  });
});

describe('npm stop', () => {
  test('ends the supervisor and everything it runs', async () => {
    const client = await supervise(node('one', FOREVER), node('two', FOREVER));
    await vi.waitFor(async () => expect((await statusOf(client, 'two'))?.state).toBe('running'), WAIT);
    const pids = (await client.processes())?.map(({ pid }) => pid) as number[];
    expect([...(await stopNative(paths()))].sort()).toEqual(['one', 'two']);
    for (const pid of [...pids, supervisor?.pid as number]) expect(processStartTime(pid)).toBeUndefined();
    expect(existsSync(paths().socketPath)).toBe(false);
  });

  test('ends what a killed supervisor left running', async () => {
    const client = await supervise(node('orphan', FOREVER));
    const pid = await vi.waitFor(async () => {
      const found = (await statusOf(client, 'orphan'))?.pid;
      expect(found).toBeDefined();
      expect(readFileSync(paths().recordsFile, 'utf8')).toContain(String(found));
      return found as number;
    }, WAIT);
    await killSupervisor();
    expect(processStartTime(pid)).toBeDefined();
    expect(await stopNative(paths())).toEqual(['orphan']);
    expect(processStartTime(pid)).toBeUndefined();
  });

  test('twice is fine', async () => {
    await supervise(node('one', FOREVER));
    await stopNative(paths());
    expect(await stopNative(paths())).toEqual([]);
  });
});
