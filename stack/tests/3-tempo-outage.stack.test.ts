import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually, stackUnderTest } from './stack-under-test.ts';

const stack = stackUnderTest();
const OUTAGE_MS = 30_000;
const REQUEST_EVERY_MS = 100;
/** Tempo acknowledges a trace before it is on disk: what came shortly before the kill may be lost with its memory. */
const HELD_IN_MEMORY_MS = 15_000;

async function sendFor(durationMs: number): Promise<string[]> {
  const ids: string[] = [];
  for (const endMs = Date.now() + durationMs; Date.now() < endMs; ) {
    const { traceId, response } = await stack.tracedRequest('GET', '/api/products');
    if (response.status === 200) ids.push(traceId);
    await sleep(REQUEST_EVERY_MS);
  }
  return ids;
}

async function missing(ids: readonly string[]): Promise<string[]> {
  const found = await Promise.all(ids.map(async (id) => (await stack.spans(id)).length > 0));
  return ids.filter((_, index) => !found[index]);
}

test('no sampled trace of an outage of Tempo is lost: kill -9 for 30 s under load', {
  timeout: 240_000,
}, async () => {
  const before = await sendFor(HELD_IN_MEMORY_MS);
  await stack.supervisor.act('tempo', 'kill');
  const during = await sendFor(OUTAGE_MS);
  await stack.supervisor.act('tempo', 'start');
  const startedMs = Date.now();

  expect(during.length).toBeGreaterThan(100);
  await eventually(`Tempo that holds all ${during.length} traces of its outage`, 120_000, async () => {
    return (await missing(during)).length === 0;
  });
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  const lost = (await missing(before)).length;
  console.log(
    `Tempo outage: ${during.length} of ${during.length} traces there ${seconds} s after its start; ` +
      `of the ${before.length} acknowledged in the ${HELD_IN_MEMORY_MS / 1000} s before the kill, ${lost} lost with its memory.`,
  );
});
