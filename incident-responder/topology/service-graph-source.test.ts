import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../store/database.ts';
import { startFakePrometheus } from '../testing/fake-prometheus.ts';
import type { Edge } from './service-graph.ts';
import { createServiceGraphSource } from './service-graph-source.ts';

const CALL = { client: 'traffic', server: 'storefront' };
const QUEUED = { client: 'storefront', server: 'checkout' };

async function sourceWith(traced: () => Promise<readonly Edge[]>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'graph-'));
  const database = openDatabase(dataDir);
  const prometheus = await startFakePrometheus();
  onTestFinished(async () => {
    await prometheus.close();
    database.close();
    rmSync(dataDir, { recursive: true });
  });
  prometheus.answer(/^topk\(500/, () => [{ labels: CALL, value: 1 }]);
  const clock = { ms: 0 };
  const source = createServiceGraphSource({
    prometheus: createPrometheusClient({ url: prometheus.url, timeoutMs: 5000 }),
    database,
    traced,
    log: pino({ level: 'silent' }),
    now: () => clock.ms,
  });
  return { source, clock };
}

it('adds to the calls that metrics know those that only traces show, each once', async () => {
  const { source } = await sourceWith(async () => [CALL, QUEUED]);
  await source.refresh();
  expect(source.current().edges).toEqual([CALL, QUEUED]);
});

it('asks for traces every ten minutes, and keeps what they said while nobody answers', async () => {
  const answers = [
    Promise.resolve([QUEUED]),
    Promise.reject(new Error('Tempo is down')),
    Promise.resolve([]),
  ];
  answers[1]!.catch(() => {});
  let asked = 0;
  const { source, clock } = await sourceWith(() => answers[asked++]!);
  for (const [atMs, times, edges] of [
    [0, 1, [CALL, QUEUED]],
    [60_000, 1, [CALL, QUEUED]],
    [600_000, 2, [CALL, QUEUED]],
    [1_200_000, 3, [CALL]],
  ] as const) {
    clock.ms = atMs;
    await source.refresh();
    expect(asked).toBe(times);
    expect(source.current().edges).toEqual(edges);
  }
});
