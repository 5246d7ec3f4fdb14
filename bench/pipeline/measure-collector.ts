import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCollector } from '@aiops-sre/checks/collector/testing/collector.ts';
import {
  type MadePush,
  madeLogRecords,
  madeTraces,
} from '@aiops-sre/demo-app/testing/otlp-sink/made-pushes.ts';
import { processorSeconds } from '../load/processor-time.ts';

/** Spans or log records in a push: an SDK's batch. */
const BATCH = 512;
const IN_FLIGHT = 4;
const WARM_UP_PUSHES = 20;
const DRAINED_WITHIN_MS = 60_000;
const TURNED_AWAY_MS = 50;

export const SIGNALS = {
  spans: () => madeTraces(BATCH / 4),
  'log records': () => madeLogRecords(BATCH),
} as const satisfies Record<string, () => MadePush>;
export type Signal = keyof typeof SIGNALS;

export interface CollectorMeasured {
  /** Of what was sent, a second of its processor time. */
  readonly perCoreSecond: number;
  readonly perSecond: number;
  readonly sent: number;
  /** Acknowledged, and not with whom it was for in the end. */
  readonly lost: number;
  /** Pushes that were turned away, and came again. */
  readonly turnedAway: number;
  readonly residentBytes: number;
}

interface MeasureCollectorOptions {
  readonly binary: string;
  /** With a receiver and nothing behind it; the platform's configuration otherwise. */
  readonly bare: boolean;
  readonly kind: Signal;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** One Collector on one core, sent as much as it takes; who it sends to takes all at once. Linux. */
export async function measureCollector(options: MeasureCollectorOptions): Promise<CollectorMeasured> {
  const { binary, bare, kind, seconds, signal } = options;
  const sink = createServer((request, response) => {
    request.resume().on('end', () => response.end());
  });
  await once(sink.listen(0, '127.0.0.1'), 'listening');
  const to = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`;
  const collector = await startCollector(
    { TEMPO_OTLP_URL: to, LOKI_OTLP_URL: to, GOMAXPROCS: '1' },
    { binary, ...(bare && { config: join(import.meta.dirname, 'receiver-to-nothing.yaml') }) },
  );
  const count = async (metric: string) => {
    const text = await (await fetch(collector.url('COLLECTOR_TELEMETRY', '/metrics'))).text();
    const values = [
      ...text.matchAll(new RegExp(`^otelcol_${metric}(?:_total)?(?:\\{[^}]*\\})? (\\S+)$`, 'gm')),
    ];
    return values.reduce((sum, [, value]) => sum + Number(value), 0);
  };
  const of = kind === 'spans' ? 'spans' : 'log_records';
  let turnedAway = 0;
  async function send({ path, body }: MadePush): Promise<void> {
    for (;;) {
      const { status } = await fetch(collector.url('OTLP_HTTP', path), {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: new Uint8Array(body),
        signal,
      });
      if (status === 200) return;
      if (status !== 429 && status !== 503) throw new Error(`the Collector answered ${status}`);
      turnedAway += 1;
      await sleep(TURNED_AWAY_MS, undefined, { signal });
    }
  }
  try {
    for (let push = 0; push < WARM_UP_PUSHES; push += 1) await send(SIGNALS[kind]());
    turnedAway = 0;
    const [startedAt, busyBefore] = [performance.now(), processorSeconds(collector.pid)];
    let sent = 0;
    const senders = Array.from({ length: IN_FLIGHT }, async () => {
      while (performance.now() - startedAt < seconds * 1000) {
        const push = SIGNALS[kind]();
        await send(push);
        sent += push.items;
      }
    });
    await Promise.all(senders);
    const sendingSeconds = (performance.now() - startedAt) / 1000;
    // What is on its way belongs to what it costs.
    const lost = async () => (await count(`receiver_accepted_${of}`)) - (await count(`exporter_sent_${of}`));
    for (const deadline = performance.now() + DRAINED_WITHIN_MS; (await lost()) > 0; ) {
      if (performance.now() > deadline) break;
      await sleep(200, undefined, { signal });
    }
    return {
      perCoreSecond: sent / (processorSeconds(collector.pid) - busyBefore),
      perSecond: sent / sendingSeconds,
      sent,
      lost: await lost(),
      turnedAway,
      residentBytes: await count('process_memory_rss'),
    };
  } finally {
    await collector.close();
    sink.closeAllConnections();
    sink.close();
  }
}
