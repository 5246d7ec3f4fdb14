import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type FakeCluster, startFakeCluster } from '../testing/fake-cluster.ts';
import { openCluster } from './cluster-api.ts';
import { type Pod, podSchema } from './objects.ts';
import { watchObjects } from './watch-objects.ts';

vi.setConfig({ testTimeout: 30_000 });

const PODS = '/api/v1/namespaces/shop/pods';
let folder: string;
let cluster: FakeCluster;
let stop: AbortController;
let done: Promise<void>;
let lists: string[][];
let changes: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watch-'));
  cluster = await startFakeCluster(join(folder, 'kubeconfig'));
  vi.stubEnv('KUBECONFIG', join(folder, 'kubeconfig'));
  cluster.put(`${PODS}/first`, { spec: {} });
  stop = new AbortController();
  lists = [];
  changes = [];
  done = watchObjects<Pod>({
    api: await openCluster(),
    path: PODS,
    schema: podSchema,
    signal: stop.signal,
    log: pino({ level: 'silent' }),
    pauseMs: { first: 10, longest: 50 },
    onAll: (pods) => void lists.push(pods.map(({ metadata }) => metadata.name)),
    onChange: ({ metadata }, isDeleted) => void changes.push(`${isDeleted ? '-' : '+'}${metadata.name}`),
  });
  await vi.waitFor(() => expect(cluster.watching(PODS)).toBe(1));
});
afterEach(async () => {
  stop.abort();
  await done;
  await cluster.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it('what is there is listed once, and then every change is seen', async () => {
  cluster.put(`${PODS}/second`, { spec: {} });
  cluster.remove(`${PODS}/first`);
  await vi.waitFor(() => expect(changes).toEqual(['+second', '-first']));
  expect(lists).toEqual([['first']]);
});

it('a watch that is cut goes on where it was: nothing is missed, told twice or listed anew', async () => {
  cluster.put(`${PODS}/second`, { spec: {} });
  await vi.waitFor(() => expect(changes).toEqual(['+second']));
  cluster.cut();
  cluster.put(`${PODS}/third`, { spec: {} });
  await vi.waitFor(() => expect(changes).toEqual(['+second', '+third']));
  expect(lists).toHaveLength(1);
});

it('an API server that is away for a while is asked again, more and more rarely, and goes on where it was', async () => {
  cluster.setDown(true);
  await vi.waitFor(() => expect(cluster.watching(PODS)).toBe(0));
  cluster.put(`${PODS}/second`, { spec: {} });
  cluster.setDown(false);
  await vi.waitFor(() => expect(changes).toEqual(['+second']));
  expect(lists).toHaveLength(1);
});

it('where the server has forgotten what came since (410), everything is listed anew', async () => {
  cluster.setDown(true);
  await vi.waitFor(() => expect(cluster.watching(PODS)).toBe(0));
  cluster.put(`${PODS}/second`, { spec: {} });
  cluster.forget();
  cluster.setDown(false);
  await vi.waitFor(() => expect(lists).toEqual([['first'], ['first', 'second']]));
  expect(changes).toEqual([]);
});

it('a bookmark keeps it young, so that what happened elsewhere does not make it expire', async () => {
  cluster.put('/api/v1/namespaces/other/pods/busy', { spec: {} });
  cluster.bookmark();
  cluster.forget();
  cluster.endWatches();
  await vi.waitFor(() => expect(cluster.asked.filter((each) => each.endsWith('watch'))).toHaveLength(2));
  cluster.put(`${PODS}/second`, { spec: {} });
  await vi.waitFor(() => expect(changes).toEqual(['+second']));
  expect(lists).toHaveLength(1);
});
