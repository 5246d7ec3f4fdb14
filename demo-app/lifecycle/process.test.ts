import { afterEach, expect, it, vi } from 'vitest';
import { newTrace, telemetryTo } from '../testing/new-trace.ts';
import { startOtlpSink } from '../testing/otlp-sink/otlp-sink.ts';
import { type RoleProcess, startRoleProcess } from '../testing/role-process.ts';

const AUTHORIZED = { headers: { authorization: 'Bearer long-enough-token' } };
const CHECK = '/api/token-checks';

const running: RoleProcess[] = [];
afterEach(async () => {
  for (const process of running.splice(0)) await process[Symbol.asyncDispose]();
});

async function startIdentity(options: Omit<Parameters<typeof startRoleProcess>[0], 'role'> = {}) {
  const identity = await startRoleProcess({ role: 'identity', ...options });
  running.push(identity);
  return identity;
}

it.each(['SIGTERM', 'SIGINT'] as const)(
  'on %s answers what is running, sends its telemetry and ends with 0',
  async (signal) => {
    const sink = await startOtlpSink();
    // Intervals so long that only a flush can send anything.
    const never = { OTEL_BSP_SCHEDULE_DELAY: '60000', OTEL_METRIC_EXPORT_INTERVAL: '60000' };
    const env = { ...telemetryTo(sink), ...never, ADMIN_TOKEN: 'long-enough-token' };
    const identity = await startIdentity({ telemetry: 'stock', env });
    await identity.client.put('/admin/faults', { latencyMs: 250 }, AUTHORIZED);
    const { headers, spans } = newTrace(sink);
    const answer = identity.client.post(CHECK, { token: '' }, { headers });
    // Another request on its heels: when it is answered, the first one is being handled.
    await identity.client.get('/healthz');
    const startedAt = performance.now();
    identity.child.kill(signal);
    expect((await answer).status).toBe(200);
    expect(await identity.exited).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect((await spans(1)).map(({ name }) => name)).toEqual([`POST ${CHECK}`]);
    expect(sink.histograms().some(({ name }) => name === 'http.server.request.duration')).toBe(true);
    sink.close();
  },
);

it('ends within 5 s also when the Collector is away and a request hangs', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', ADMIN_TOKEN: 'long-enough-token' };
  const identity = await startIdentity({ telemetry: 'stock', env });
  await identity.client.put('/admin/faults', { latencyMs: 10_000 }, AUTHORIZED);
  const answer = identity.client.post(CHECK, { token: '' }).catch(() => 'cut off');
  await identity.client.get('/healthz');
  const startedAt = performance.now();
  identity.child.kill('SIGTERM');
  expect(await identity.exited).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(5000);
  expect(await answer).toBe('cut off');
}, 15_000);

it('crashes with 1 when asked to', async () => {
  const identity = await startIdentity({ env: { ADMIN_TOKEN: 'long-enough-token' } });
  expect((await identity.client.post('/admin/crash', {}, AUTHORIZED)).status).toBe(202);
  expect(await identity.exited).toBe(1);
});

it('runs without telemetry, and then logs no trace', async () => {
  const identity = await startIdentity();
  await identity.client.post(CHECK, { token: '' });
  const line = await vi.waitFor(
    () => identity.log.find(({ event }) => event === 'request') ?? Promise.reject(),
  );
  expect(line).not.toHaveProperty('trace_id');
});

it('names the port that is taken, and ends with 1', async () => {
  const { port } = new URL((await startIdentity()).url);
  await expect(startRoleProcess({ role: 'identity', env: { PORT: port } })).rejects.toThrow(
    new RegExp(`ended with 1.*cannot listen on 127.0.0.1:${port}: .*EADDRINUSE`),
  );
});

it.each([undefined, 'stock'] as const)(
  'ends with 2 on a wrong variable, with telemetry %s',
  async (telemetry) => {
    const env = { FAILURE_FACTOR: 'often' };
    await expect(startRoleProcess({ role: 'identity', telemetry, env })).rejects.toThrow(/ended with 2/);
  },
);
