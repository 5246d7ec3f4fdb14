import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newStateFolder } from './testing/example-detector.ts';
import { wave } from './testing/example-rule.ts';
import { type FakeAlertmanager, startFakeAlertmanager } from './testing/fake-alertmanager.ts';
import { type FakePrometheus, startFakePrometheus } from './testing/fake-prometheus.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

describe('the process', { timeout: 30_000 }, () => {
  let prometheus: FakePrometheus;
  let alertmanager: FakeAlertmanager;
  let stateFolder: string;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    prometheus = await startFakePrometheus([{ labels: { service: 'storefront' }, valueAt: wave }]);
    alertmanager = await startFakeAlertmanager();
    stateFolder = await newStateFolder();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await Promise.all([prometheus.close(), alertmanager.close()]);
    await rm(stateFolder, { recursive: true });
  });

  function run(environment: Record<string, string>, ...args: string[]) {
    const child = spawn(process.execPath, [main, ...args], {
      env: {
        PATH: process.env.PATH,
        PROMETHEUS_URL: prometheus.url,
        ALERTMANAGER_URLS: alertmanager.url,
        STATE_DIR: stateFolder,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    return { child, output: () => output, ended: once(child, 'close').then(([code]) => code as number) };
  }

  it('becomes ready, and on SIGTERM saves what it learnt and exits with 0', async () => {
    const port = await getPort({ host: '127.0.0.1' });
    const { child, ended } = run({ PORT: String(port) });
    await vi.waitFor(
      async () => expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200),
      15_000,
    );
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(await readdir(stateFolder)).toContain('storefront_requests.snapshot');
  }, 20_000);

  it('stays up without Prometheus, and says so', async () => {
    await prometheus.close();
    const port = await getPort({ host: '127.0.0.1' });
    const { child, ended } = run({ PORT: String(port) });
    await vi.waitFor(async () => {
      const response = await fetch(`http://127.0.0.1:${port}/readyz`);
      expect(await response.text()).toContain('ECONNREFUSED');
      expect(response.status).toBe(503);
    }, 15_000);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  }, 20_000);

  it.each([
    [
      'a rules file that is wrong',
      { CONFIG_FILE: fileURLToPath(new URL('rules/testdata/bad-duration.yaml', import.meta.url)) },
      [],
      /rules\[0\]\.step: found .*; possible: a duration/,
    ],
    ['an environment that is wrong', { PORT: 'http' }, [], /environment: PORT/],
    ['a shard that is none', {}, ['--shard', '3/2'], /shard: expected i\/n/],
  ])('refuses %s with a message and without a stack', async (_, environment, args, message) => {
    const { ended, output } = run(environment as Record<string, string>, ...args);
    expect(await ended).toBe(1);
    expect(output()).toMatch(message);
    expect(output()).not.toContain('    at ');
  });

  it('checks a rules file without starting', async () => {
    const { ended, output } = run({}, '--check');
    expect(await ended).toBe(0);
    expect(output()).toContain('rules, no problem found');
  });
});
