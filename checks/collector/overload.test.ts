import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { TAIL_SAMPLING } from '@aiops-sre/conventions/tail-sampling.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../testing/stack-under-test.ts';
import { type CollectorUnderTest, orWhyNot, otelcol, startCollector } from './testing/collector.ts';

const QUEUE_SPANS = 1_000;
const SPANS_A_PUSH = 50;

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

let tempo: Tempo;
let collector: CollectorUnderTest;

beforeEach(async () => {
  if (!otelcol) return;
  tempo = await startTempo();
  collector = await startCollector({
    TEMPO_OTLP_URL: tempo.url,
    LOKI_OTLP_URL: tempo.url,
    TEMPO_QUEUE_SPANS: String(QUEUE_SPANS),
  });
});

afterEach(async () => {
  if (!otelcol) return;
  await collector.close();
  tempo.server.closeAllConnections();
  tempo.server.close();
});

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
  return collector.push('/v1/traces', { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
}

const named = (kind: string, count: number) => Array.from({ length: count }, (_, n) => `${kind}-${n}`);
const kept = (names: readonly string[]) =>
  names.filter((name) => tempo.exports.some((each) => each.includes(`<${name}>`)));
const sampled = () => tempo.exports.filter((each) => each.includes(TAIL_SAMPLING.mark));

test.skipIf(!otelcol)(
  `every acknowledged trace outlives a kill; what the queue has no room for is sampled and marked${orWhyNot}`,
  { timeout: 60_000 },
  async () => {
    const queued = named('queued', QUEUE_SPANS);
    for (let from = 0; from < QUEUE_SPANS; from += SPANS_A_PUSH)
      expect(await push(queued.slice(from, from + SPANS_A_PUSH))).toBe(true);
    await collector.kill();
    await collector.start();

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
