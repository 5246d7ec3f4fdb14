import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { beforeAll, expect, test } from 'vitest';
import { eventually } from '../../testing/stack-under-test.ts';
import { find, forward, kubectl, list, PATIENTS, runsOf } from './cluster-under-test.ts';
import { LIMITS } from './patients.ts';

let responder: string;

beforeAll(async () => {
  responder = await forward('incident-responder', 8091);
});

const containerOf = async (name: string) => {
  const { spec } = (await find(`deployment/${name}`, PATIENTS)) ?? {};
  return spec.template.spec.containers[0];
};
const ended = (action: string, workload: string, withinMs: number, state = 'succeeded') =>
  eventually(`${state} run of ${action}`, withinMs, async () =>
    (await runsOf(responder, action, workload)).find((run) => run.state === state),
  );

/** Seconds from the moment that the operator saw what is wrong until it was verified that it is not any more. */
async function healedWithin(action: string, workload: string, withinMs: number): Promise<number> {
  const { createdAt, endedAt } = await ended(action, workload, withinMs);
  const seconds = ((endedAt ?? Number.NaN) - createdAt) / 1000;
  print(`${workload}: ${action}, well again after ${seconds.toFixed(1)} s`);
  return seconds;
}

test('a container that was killed for its memory has half as much again, and lives', {
  timeout: 480_000,
}, async () => {
  expect(await healedWithin('raise-memory-limit', 'takes-more-memory', 420_000)).toBeLessThan(120);
  expect((await containerOf('takes-more-memory')).resources.limits.memory).toBe(LIMITS.memory.after);
});

test('a revision that ends again and again after its rollout is gone for the one before', {
  timeout: 480_000,
}, async () => {
  expect(await healedWithin('roll-back-workload', 'worked-before', 420_000)).toBeLessThan(180);
  expect((await containerOf('worked-before')).command.at(-1)).not.toContain('exit');
});

test('an image that cannot be had is left to people', { timeout: 240_000 }, async () => {
  const { reason } = await ended('get-image', 'has-no-image', 180_000, 'refused');
  expect(reason).toContain('left to people');
  const { metadata } = (await find('deployment/has-no-image', PATIENTS)) ?? {};
  expect(metadata.generation).toBe(1);
});

test('a container that has stood at its CPU limit for five minutes has half as much again', {
  timeout: 720_000,
}, async () => {
  await healedWithin('raise-cpu-limit', 'takes-more-cpu', 660_000);
  expect((await containerOf('takes-more-cpu')).resources.limits.cpu).toBe(LIMITS.cpu.after);
});

test('what is well again stays so, and nothing else was changed', async () => {
  const pods = await list('pods', PATIENTS, '--field-selector', 'status.phase=Running');
  expect(pods.map(({ metadata }) => metadata.labels.app).toSorted()).toEqual([
    'takes-more-cpu',
    'takes-more-memory',
    'worked-before',
  ]);
  await kubectl('delete', 'deployments', '--all', '--namespace', PATIENTS);
});
