import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { TAIL_SAMPLING } from '@aiops-sre/conventions/tail-sampling.ts';
import axios from 'axios';
import getPort from 'get-port';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually, ROOT } from '../testing/stack-under-test.ts';

/** Set by `npm test` where a Collector has been built. */
const otelcol = process.env.OTELCOL;
const QUEUE_SPANS = 1_000;
const SPANS_A_PUSH = 50;
const http = axios.create({ proxy: false, timeout: 5_000, validateStatus: () => true });

/** A Tempo that turns everything away until it is told to take it. */
interface Tempo {
  readonly server: Server;
  readonly url: string;
  takes: boolean;
  /** Exports it took: protobuf, in which names stand as they are. */
  readonly exports: string[];
}

async function startTempo(): Promise<Tempo> {
  const exports: string[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    if (tempo.takes) exports.push(gunzipSync(body).toString('latin1'));
    response.writeHead(tempo.takes ? 200 : 503).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const tempo: Tempo = { server, url: `http://127.0.0.1:${port}`, takes: false, exports };
  return tempo;
}

let folder: string;
let tempo: Tempo;
let collector: ChildProcess;
let environment: Record<string, string>;

beforeEach(async () => {
  if (!otelcol) return;
  folder = mkdtempSync(join(tmpdir(), 'collector-'));
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, 'key-of-this-test');
  tempo = await startTempo();
  const ports = [
    'OTLP_GRPC',
    'OTLP_HTTP',
    'COLLECTOR_TELEMETRY',
    'COLLECTOR_METRICS',
    'COLLECTOR_UNVERIFIED_METRICS',
    'COLLECTOR_HEALTH',
  ];
  environment = {
    OTLP_KEY_FILE: keyFile,
    COLLECTOR_DATA_DIR: join(folder, 'data'),
    TEMPO_OTLP_URL: tempo.url,
    LOKI_OTLP_URL: tempo.url,
    TEMPO_QUEUE_SPANS: String(QUEUE_SPANS),
  };
  for (const name of ports) environment[`${name}_PORT`] = String(await getPort({ host: '127.0.0.1' }));
  await startCollector();
});

afterEach(() => {
  if (!otelcol) return;
  collector.kill('SIGKILL');
  tempo.server.closeAllConnections();
  tempo.server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function startCollector(): Promise<void> {
  collector = spawn(otelcol!, ['--config', join(ROOT, 'otel-collector', 'config.yaml')], {
    env: environment,
    stdio: 'ignore',
  });
  await eventually('Collector', 20_000, async () => {
    return (await http.get(`http://127.0.0.1:${environment.COLLECTOR_HEALTH_PORT}`)).status === 200;
  });
}

/** Pushes traces of one span each, and says whether the push was acknowledged. */
async function push(names: readonly string[], failed = false): Promise<boolean> {
  const at = `${Date.now()}000000`;
  const spans = names.map((name) => ({
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: `<${name}>`,
    kind: 2,
    startTimeUnixNano: at,
    endTimeUnixNano: at,
    status: failed ? { code: 2 } : {},
  }));
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'test' } }] };
  const url = `http://127.0.0.1:${environment.OTLP_HTTP_PORT}/v1/traces`;
  return (await http.post(url, { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })).status === 200;
}

const named = (kind: string, count: number) => Array.from({ length: count }, (_, n) => `${kind}-${n}`);
const kept = (names: readonly string[]) =>
  names.filter((name) => tempo.exports.some((each) => each.includes(`<${name}>`)));
const sampled = () => tempo.exports.filter((each) => each.includes(TAIL_SAMPLING.mark));

test.skipIf(!otelcol)(
  `every acknowledged trace outlives a kill; what the queue has no room for is sampled and marked${otelcol ? '' : ' (skipped: OTELCOL is not set)'}`,
  { timeout: 60_000 },
  async () => {
    const queued = named('queued', QUEUE_SPANS);
    for (let from = 0; from < QUEUE_SPANS; from += SPANS_A_PUSH)
      expect(await push(queued.slice(from, from + SPANS_A_PUSH))).toBe(true);
    collector.kill('SIGKILL');
    await once(collector, 'exit');
    await startCollector();

    const [fine, failed] = [named('fine', 400), named('failed', 40)];
    expect(await push(fine)).toBe(true);
    expect(await push(failed, true)).toBe(true);
    tempo.takes = true;
    await eventually('traces of before the kill', 30_000, async () => kept(queued).length === QUEUE_SPANS);
    await eventually('failed traces', 30_000, async () => kept(failed).length === failed.length);
    const share = kept(fine).length / fine.length;
    expect(share).toBeGreaterThan(0.02);
    expect(share).toBeLessThan(0.25);
    for (const each of sampled()) expect(each).not.toContain('<queued-');
    expect(sampled().join('')).toContain('<failed-0>');

    await eventually('room for every trace again', 30_000, async () => {
      const name = `again-${randomBytes(4).toString('hex')}`;
      await push([name]);
      return eventually(
        'it',
        3_000,
        async () =>
          tempo.exports.some((each) => each.includes(name)) && !sampled().some((each) => each.includes(name)),
      );
    });
  },
);
