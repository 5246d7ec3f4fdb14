import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually, stackUnderTest } from '../../testing/stack-under-test.ts';

const stack = stackUnderTest();
const OUTAGE_MS = 15_000;
const REQUEST_EVERY_MS = 100;
const QUEUE = 'otelcol_exporter_queue_size{exporter="otlp_http/loki"}';

async function sendFor(durationMs: number): Promise<string[]> {
  const ids: string[] = [];
  for (const endMs = Date.now() + durationMs; Date.now() < endMs; ) {
    const { traceId, response } = await stack.tracedRequest('GET', '/api/products');
    expect(response.status).toBe(200);
    ids.push(traceId);
    await sleep(REQUEST_EVERY_MS);
  }
  return ids;
}

async function tracesWithEvents(): Promise<ReadonlySet<string | undefined>> {
  const lines = await stack.logLines('{service_name="storefront"} | event="request" | route="/api/products"');
  return new Set(lines.map(({ fields }) => fields.trace_id));
}

test('without Loki the application serves and the Collector queues; afterwards no line is missing: kill -9 for 15 s', {
  timeout: 180_000,
}, async () => {
  const before = await sendFor(5_000);
  await eventually('events from before the outage', 30_000, async () => {
    const seen = await tracesWithEvents();
    return before.every((id) => seen.has(id));
  });
  await stack.supervisor.act('loki', 'kill');
  const during = await sendFor(OUTAGE_MS);
  await eventually('queue in front of Loki', 30_000, async () => (await stack.prometheus.value(QUEUE))! > 0);
  await stack.supervisor.act('loki', 'start');
  const startedMs = Date.now();
  await eventually(`events of all ${during.length} requests`, 90_000, async () => {
    const seen = await tracesWithEvents();
    return during.every((id) => seen.has(id));
  });
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  const seen = await tracesWithEvents();
  const lost = before.filter((id) => !seen.has(id)).length;
  console.log(
    `Loki outage: ${during.length} of ${during.length} events there ${seconds} s after its start; of the ${before.length} before the kill, ${lost} lost.`,
  );
  expect(lost).toBe(0);
});
