import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type FakePrometheus, startFakePrometheus } from '../testing/fake-prometheus.ts';
import { flagFile } from '../testing/flag-file.ts';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { showSlowIdentity, writeFlagAction } from '../testing/slow-identity.ts';
import { TEST_TOKEN } from '../testing/test-responder.ts';

let folder: string;
let prometheus: FakePrometheus;
let flag: ReturnType<typeof flagFile>;
let child: ChildProcessWithoutNullStreams | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crash-'));
  prometheus = await startFakePrometheus();
  showSlowIdentity(prometheus);
  prometheus.answer(/^slow > 0.5/, () => [{ value: 1 }]);
  flag = flagFile(join(folder, 'flags.json'));
  flag.set('off');
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await prometheus.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The real process, up to its line "listening". */
async function start(): Promise<{ url: string; lines: string[] }> {
  child = spawn(process.execPath, [join(import.meta.dirname, '..', 'main.ts')], {
    env: {
      PATH: process.env.PATH ?? '',
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      WEBHOOK_TOKEN: TEST_TOKEN,
      PROMETHEUS_URL: prometheus.url,
      ALERTMANAGER_URL: 'http://127.0.0.1:9',
      FLAGS_FILE: flag.path,
      ACTIONS_DIR: join(folder, 'actions'),
    },
  });
  const lines: string[] = [];
  const url = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    const entry = JSON.parse(line);
    if (entry.msg === 'listening') url.resolve(entry.url);
  });
  return { url: await url.promise, lines };
}

const json = async (url: string) => (await (await fetch(url)).json()) as Record<string, never[]>;

/** Until an action has carried its command out and waits for its verification, which never comes; then it is ended. */
async function endInTheMiddle(signal: NodeJS.Signals) {
  writeFlagAction(join(folder, 'actions'), {
    verification: { query: 'verified > 0', after: '1s', within: '3s' },
  });
  const { url, lines } = await start();
  await vi.waitFor(
    async () => expect(prometheus.asked.some((query) => query.startsWith('topk(500'))).toBe(true),
    { timeout: 5000 },
  );
  // One look at the flags while they are off.
  await vi.waitFor(() => expect(lines.some((line) => line.includes('flags read'))).toBe(true), {
    timeout: 5000,
  });
  flag.set('on');
  await vi.waitFor(() => expect(lines.some((line) => line.includes('flag changed'))).toBe(true), {
    timeout: 5000,
  });
  await fetch(`${url}/webhook/alertmanager`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TEST_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(
      webhookPayload([alertPayload({ alertname: 'Anomaly', startsAt: new Date().toISOString() })]),
    ),
  });
  await vi.waitFor(() => expect(flag.variant()).toBe('off'), { timeout: 5000, interval: 5 });
  child!.stdout.resume();
  child!.kill(signal);
  return once(child!, 'exit');
}

async function endedAfterRestart(state: string) {
  const { url } = await start();
  await vi.waitFor(
    async () => expect((await json(`${url}/api/actions`)).actions).toMatchObject([{ state }]),
    { timeout: 10_000, interval: 100 },
  );
  const events = (await json(`${url}/api/audit`)).entries!.map(({ event }) => event as string);
  expect(await json(`${url}/api/audit/verify`)).toMatchObject({ intact: true });
  return events.filter((event) => event === `action.${state}` || event === 'action.executing');
}

it('killed in the middle of an action, the responder rolls it back once, as nothing verifies it', async () => {
  await endInTheMiddle('SIGKILL');
  expect(await endedAfterRestart('rolled-back')).toEqual(['action.rolled-back', 'action.executing']);
  expect(flag.variant()).toBe('on');
}, 40_000);

it('killed in the middle of an action, the responder verifies it after the restart, and does it no second time', async () => {
  await endInTheMiddle('SIGKILL');
  prometheus.answer(/^verified/, () => [{ value: 1 }]);
  expect(await endedAfterRestart('succeeded')).toEqual(['action.succeeded', 'action.executing']);
  expect(flag.variant()).toBe('off');
}, 40_000);

it('stopped in the middle of an action, the responder does not wait for it, and goes on with it after the restart', async () => {
  expect(await endInTheMiddle('SIGTERM')).toEqual([0, null]);
  prometheus.answer(/^verified/, () => [{ value: 1 }]);
  expect(await endedAfterRestart('succeeded')).toEqual(['action.succeeded', 'action.executing']);
}, 40_000);
