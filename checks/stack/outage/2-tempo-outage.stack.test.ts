import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually, stackUnderTest } from '../../testing/stack-under-test.ts';

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

/** One after the other: Tempo turns down what comes in the hundreds at once. */
async function missing(ids: readonly string[]): Promise<string[]> {
  const notFound: string[] = [];
  for (const id of ids) if ((await stack.spans(id)).length === 0) notFound.push(id);
  return notFound;
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
  let absent: readonly string[] = during;
  await eventually(`Tempo that holds all ${during.length} traces of its outage`, 120_000, async () => {
    absent = await missing(absent);
    return absent.length === 0;
  });
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  const lost = (await missing(before)).length;
  console.log(
    `Tempo outage: ${during.length} of ${during.length} traces there ${seconds} s after its start; ` +
      `of the ${before.length} acknowledged in the ${HELD_IN_MEMORY_MS / 1000} s before the kill, ${lost} lost with its memory.`,
  );
});
