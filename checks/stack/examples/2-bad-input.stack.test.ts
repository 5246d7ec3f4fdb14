import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { stackUnderTest } from '../../testing/stack-under-test.ts';
import { connect } from './connect-command.ts';

const stack = stackUnderTest();
const EVERY_MS = 1_000;
const HOUR_MS = 3_600_000;

type Signal = 'traces' | 'metrics' | 'logs';

/** OTLP as JSON of one resource: a span, a gauge or a log line, `offMs` from now. */
function otlp(signal: Signal, service: string | undefined, offMs = 0): object {
  const nano = `${Date.now() + offMs}000000`;
  const attributes = service === undefined ? [] : [{ key: 'service.name', value: { stringValue: service } }];
  const resource = { attributes };
  const span = {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'GET /',
    kind: 2,
    startTimeUnixNano: nano,
    endTimeUnixNano: nano,
  };
  const gauge = { name: 'queue', gauge: { dataPoints: [{ timeUnixNano: nano, asDouble: 1 }] } };
  const logRecord = { timeUnixNano: nano, body: { stringValue: 'a line' } };
  return {
    traces: { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] },
    metrics: { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [gauge] }] }] },
    logs: { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [logRecord] }] }] },
  }[signal];
}

/** What connect says while this is sent each second. */
async function whileSending(
  bodies: () => readonly (readonly [Signal, object])[],
  ...args: readonly string[]
): ReturnType<typeof connect> {
  const sending = setInterval(() => {
    for (const [signal, body] of bodies())
      void stack.http.post(stack.url('otlpHttp', `/v1/${signal}`), body).catch(() => undefined);
  }, EVERY_MS);
  try {
    return await connect(stack, ...args);
  } finally {
    clearInterval(sending);
  }
}

const told = ({ result }: Awaited<ReturnType<typeof connect>>) =>
  result.causes.map(({ hop, cause, cure }) => `${hop}: ${cause} ${cure}`).join('\n');

test.concurrent.each([
  ['ahead', HOUR_MS],
  ['behind', -HOUR_MS],
])('a clock an hour %s is named as that', { timeout: 300_000 }, async (where, offMs) => {
  const service = `clock-${where}`;
  const answer = await whileSending(
    () => [['traces', otlp('traces', service, offMs)]],
    '--service',
    service,
    '--doctor',
  );
  expect(told(answer)).toContain(`traces queryable: The clock of the service is 60 minutes ${where}`);
  expect(answer.exitCode).toBe(1);
});

test.concurrent('a sender without a name is shown under the one it arrives as', {
  timeout: 300_000,
}, async () => {
  const answer = await whileSending(
    () => [['traces', otlp('traces', undefined)]],
    '--service',
    'nameless',
    '--doctor',
  );
  expect(told(answer)).toContain('as unknown_service');
  expect(told(answer)).toContain('OTEL_SERVICE_NAME=nameless');
  expect(answer.exitCode).toBe(1);
});

test.concurrent('a protected name is shown under the one it becomes', { timeout: 300_000 }, async () => {
  const answer = await whileSending(
    () => [['traces', otlp('traces', 'storefront')]],
    ...['--service', 'storefront', '--doctor'],
  );
  expect(told(answer)).toContain('unverified-storefront');
  expect(answer.exitCode).toBe(1);
});

test.concurrent.each<[Signal, readonly Signal[]]>([
  ['traces', ['metrics', 'logs']],
  ['metrics', ['traces', 'logs']],
  ['logs', ['traces', 'metrics']],
])(
  '%s alone come the whole way, and what is missing is said',
  { timeout: 300_000 },
  async (signal, missing) => {
    const service = `only-${signal}`;
    const answer = await whileSending(
      () => [[signal, otlp(signal, service)]],
      '--service',
      service,
      '--doctor',
    );
    expect(answer.result.missing).toEqual(missing);
    expect(answer.result.hops.every(({ ok }) => ok)).toBe(true);
    for (const each of missing) expect(told(answer)).toContain(`${each} received`);
  },
);

test.concurrent('log lines alone make no SLO', { timeout: 300_000 }, async () => {
  const answer = await whileSending(
    () => [['logs', otlp('logs', 'lines-only')]],
    ...['--service', 'lines-only', '--adopt', '--yes'],
  );
  expect(answer.exitCode).toBe(1);
  expect(answer.result.slos).toEqual([]);
});

test.concurrent('a name that changes at each start is told from its family', {
  timeout: 300_000,
}, async () => {
  const names = ['1', '2', '3'].map((number) => `restless-${number}`);
  const answer = await whileSending(
    () => names.map((name) => ['traces', otlp('traces', name)]),
    ...['--service', 'restless-1', '--doctor'],
  );
  expect(answer.result.remarks.join()).toContain('3 names differ in a number alone');
});
