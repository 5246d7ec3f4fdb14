import { METRICS, UNMATCHED_ROUTE } from '@aiops-sre/conventions/metric-names.ts';
import { describe, expect, test } from 'vitest';
import { eventually, stackUnderTest } from '../../testing/stack-under-test.ts';

const stack = stackUnderTest();
const PATHS = 10_000;
/** What other traffic may add meanwhile: a status or a route that had not come up before. */
const OTHERS = 5;
const CONCURRENCY = 40;
/** Not valid in UTF-8, nor can it become so. */
const NOT_UTF8 = Buffer.from([0xff, 0xfe, 0xc0]);

/** Sends a log record as any client could; `bytes` stands in the line for what a text cannot hold. */
async function sendLine(line: string, fields: Record<string, string>, bytes = Buffer.of()): Promise<void> {
  const attributes = Object.entries(fields).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'bad-input' } }] };
  const logRecord = {
    timeUnixNano: `${Date.now()}000000`,
    severityText: 'info',
    severityNumber: 9,
    body: { stringValue: line },
    attributes,
  };
  const json = JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [logRecord] }] }] });
  const [head = '', tail = ''] = json.split('BYTES');
  const body = tail ? Buffer.concat([Buffer.from(head), bytes, Buffer.from(tail)]) : Buffer.from(json);
  const headers = { 'content-type': 'application/json' };
  const response = await stack.http.post(stack.url('otlpHttp', '/v1/logs'), body, { headers });
  expect(response.status).toBe(200);
}

const arrived = (test: string) =>
  eventually(`line of ${test}`, 20_000, async () => {
    const [line] = await stack.logLines(`{service_name="bad-input"} | test="${test}"`);
    return line;
  });

describe('a log record', () => {
  test('with a line of a megabyte is cut, and says how long it was', async () => {
    await sendLine('é'.repeat(500_000), { test: 'long' });
    const { line, fields } = await arrived('long');
    expect(line).toMatch(/^é+$/);
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(16_384);
    expect(fields.truncated_from).toBe('1000000');
  });

  test('that is not UTF-8 arrives, readable where it is', async () => {
    await sendLine('before BYTES after', { test: 'encoding' }, NOT_UTF8);
    expect((await arrived('encoding')).line).toMatch(/^before .* after$/);
  });

  test('has no secret, and no more fields and text than are allowed', async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`field${n}`, 'x'.repeat(5_000)]));
    await sendLine('joe.s3cret@example.com sent Bearer s3cret', {
      test: 'secret',
      'http.request.header.authorization': 's3cret',
      'Set-Cookie': 's3cret',
      access_token: 's3cret',
      note: 'to joe.s3cret@example.com',
      ...many,
    });
    const { line, fields } = await arrived('secret');
    expect(JSON.stringify([line, fields])).not.toContain('s3cret');
    expect(line).toBe('[e-mail] sent [secret]');
    expect(Object.keys(fields).length).toBeLessThan(42);
    for (const value of Object.values(fields)) expect(value.length).toBeLessThanOrEqual(2_048);
  });
});

test(`${PATHS} distinct paths are counted, and make neither series nor streams`, {
  timeout: 240_000,
}, async () => {
  const series = async () => ({
    counters: await stack.prometheus.value(`count(${METRICS.httpRequests}{service="storefront"})`),
    durations: await stack.prometheus.value(
      `count(${METRICS.httpServerDuration}_count{job="demo/storefront"})`,
    ),
    spanNames: await stack.prometheus.value(`count(count by (span_name) (${METRICS.spanCalls}))`),
  });
  const counter = `sum(${METRICS.httpRequests}{service="storefront",route="${UNMATCHED_ROUTE}"})`;
  // One such request first: its series are new only once.
  await stack.http.get(stack.url('storefront', '/no/such/path'));
  await eventually(
    'first request without a route',
    30_000,
    async () => (await stack.prometheus.value(counter))! > 0,
  );
  const countedBefore = (await stack.prometheus.value(counter))!;
  const before = await series();

  const paths = Array.from({ length: PATHS }, (_, n) => `/no/such/path/${n}`).values();
  const statuses = new Map<number, number>();
  const client = async () => {
    for (const path of paths) {
      const { status } = await stack.http.get(stack.url('storefront', path));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, client));
  expect([...statuses]).toEqual([[404, PATHS]]);

  await eventually('count of all of them', 30_000, async () => {
    return (await stack.prometheus.value(counter))! - countedBefore >= PATHS;
  });
  const after = await series();
  console.log(
    `${PATHS} distinct paths: series before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`,
  );
  for (const [name, count] of Object.entries(after))
    expect(count, name).toBeLessThanOrEqual(before[name as keyof typeof before]! + OTHERS);
  const streams = await stack.prometheus.value('sum(loki_ingester_memory_streams)');
  expect(streams).toBeLessThan(20);
});
