import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { eventually, stackUnderTest } from '../testing/stack-under-test.ts';
import { attack } from './testing/attack.ts';

const stack = stackUnderTest();
const PUSH = '/otlp/v1/logs';
const status = async (...request: Parameters<typeof stack.http.request>) =>
  (await stack.http.request(...request)).status;

/** What ends, changes or empties a backend, by any method. */
const LEVERS = {
  tempo: ['/shutdown', '/flush', '/compactor/ring', '/status/config', '/debug/pprof/heap', '/api/overrides'],
  loki: [
    '/ingester/shutdown',
    '/ingester/prepare_shutdown',
    '/flush',
    '/loki/api/v1/delete?query={service_name%3D~".%2B"}&start=0',
    '/loki/api/v1/push',
    '/log_level?log_level=error',
    '/debug/pprof/heap',
  ],
} as const;

for (const name of ['tempo', 'loki'] as const)
  attack(
    'ended or emptied',
    `${LEVERS[name].length} paths of ${name}, by GET, POST, PUT and DELETE`,
    async () => {
      for (const path of LEVERS[name])
        for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
          expect(await status({ method, url: stack.url(name, path) }), `${method} ${path}`).toBe(404);
      expect(await status({ url: stack.url(name, '/ready') })).toBe(200);
      return '404 at the guard';
    },
  );

attack('ended or emptied', 'quit, reload and deletion at Prometheus', async () => {
  for (const path of ['/-/quit', '/-/reload'])
    expect(await status({ method: 'POST', url: stack.url('prometheus', path) })).toBe(403);
  const url = stack.url('prometheus', '/api/v1/admin/tsdb/delete_series?match[]=up');
  expect((await stack.http.post(url)).data.error).toContain('admin APIs disabled');
  return '403, admin APIs are off';
});

attack('ended or emptied', 'alerts, silences and reload at Alertmanager, without its password', async () => {
  for (const [method, path] of [
    ['POST', '/api/v2/alerts'],
    ['POST', '/api/v2/silences'],
    ['GET', '/api/v2/alerts'],
    ['POST', '/-/reload'],
    ['GET', '/'],
  ] as const)
    expect(await status({ method, url: stack.url('alertmanager', path), data: [] }), path).toBe(401);
  return '401';
});

attack('another user of the machine', 'the sockets behind the guard', async () => {
  const { statSync } = await import('node:fs');
  const { dirname } = await import('node:path');
  expect(statSync(dirname(stack.paths.socketPath)).mode & 0o077).toBe(0);
  expect(statSync(stack.paths.secretsDir).mode & 0o077).toBe(0);
  return 'folders are closed to others (0700)';
});

const HTTP_SERVICES = [
  ['tempo', '/ready'],
  ['loki', '/ready'],
  ['guard', '/readyz'],
  ['anomalyDetector', '/healthz'],
  ['incidentResponder', '/healthz'],
  ['storefront', '/healthz'],
  ['identity', '/healthz'],
  ['traffic', '/healthz'],
] as const;

attack('DNS rebinding', `Host: evil.example at ${HTTP_SERVICES.length} services`, async () => {
  for (const [name, path] of HTTP_SERVICES) {
    const rebound = { url: stack.url(name, path), headers: { host: 'evil.example' } };
    expect(await status(rebound), name).toBe(421);
    // Ready again by now, whatever an attack before this one did to it.
    await eventually(
      `ready ${name}`,
      30_000,
      async () => (await status({ url: stack.url(name, path) })) === 200,
    );
  }
  return '421, misdirected request';
});

attack('a bomb', 'a gzip body of 200 KB that inflates to 200 MB, to Loki', async () => {
  const data = gzipSync(Buffer.alloc(200 * 1024 * 1024));
  const headers = { 'content-encoding': 'gzip', 'content-type': 'application/x-protobuf' };
  expect(await status({ method: 'POST', url: stack.url('loki', PUSH), data, headers })).toBe(413);
  expect(await status({ url: stack.url('loki', '/ready') })).toBe(200);
  return '413 after 16 MB';
});

attack('a bomb', 'the same to the Collector', async () => {
  const data = gzipSync(Buffer.alloc(200 * 1024 * 1024));
  const headers = { 'content-encoding': 'gzip', 'content-type': 'application/x-protobuf' };
  const url = stack.url('otlpHttp', '/v1/logs');
  expect(await status({ method: 'POST', url, data, headers })).toBeGreaterThanOrEqual(400);
  expect(await status({ url: stack.url('collectorHealth', '/') })).toBe(200);
  return '400 after 4 MB';
});

/** Seconds until the other side ends a connection on which only the beginning of a request was sent. */
async function heldSeconds(port: number, begun: string, atMostMs: number): Promise<number> {
  const startedMs = performance.now();
  const socket = connect(port, '127.0.0.1');
  socket.write(begun);
  socket.on('error', () => {});
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.resume();
  await Promise.race([ended, sleep(atMostMs)]);
  socket.destroy();
  return (performance.now() - startedMs) / 1000;
}

attack(
  'a slow client',
  'half a header, half a body, at every HTTP service of ours, Prometheus and the Collector',
  async () => {
    const header = 'GET /ready HTTP/1.1\r\nHost: localhost\r\n';
    const body = (path: string) =>
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
    const held = await Promise.all([
      ...HTTP_SERVICES.map(([name]) => heldSeconds(stack.settings.ports[name], header, 50_000)),
      heldSeconds(stack.settings.ports.loki, body(PUSH), 50_000),
      heldSeconds(stack.settings.ports.incidentResponder, body('/login'), 50_000),
      heldSeconds(stack.settings.ports.otlpHttp, header, 50_000),
      heldSeconds(stack.settings.ports.otlpHttp, body('/v1/logs'), 50_000),
      heldSeconds(stack.settings.ports.prometheus, body('/api/v1/query'), 75_000),
    ]);
    const longest = Math.max(...held);
    expect(longest).toBeLessThan(70);
    return `cut off after ${longest.toFixed(0)} s at most`;
  },
  120_000,
);

attack(
  'stays unready',
  'Tempo stopped where it stands (SIGSTOP), its process alive',
  async () => {
    const pidOfTempo = async () =>
      (await stack.supervisor.processes())?.find(({ name }) => name === 'tempo')?.pid;
    const before = (await pidOfTempo()) as number;
    process.kill(before, 'SIGSTOP');
    const readiness = `aiops_component_ready{job="guard",component="tempo"}`;
    await eventually('readiness 0', 60_000, async () => (await stack.prometheus.value(readiness)) === 0);
    await eventually('another process of Tempo', 120_000, async () => (await pidOfTempo()) !== before);
    await eventually(
      'Tempo that is ready',
      60_000,
      async () => (await status({ url: stack.url('tempo', '/ready') })) === 200,
    );
    return 'restarted by the supervisor, told as a metric';
  },
  240_000,
);
