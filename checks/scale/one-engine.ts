import { setTimeout as sleep } from 'node:timers/promises';
import type { Kind } from '../crash/kind.ts';
import { lookFor } from '../crash/look-for.ts';
import { startWriting } from '../crash/writing.ts';
import type { Engine } from './engine.ts';
import { ANOTHER_TENANT } from './http.ts';
import type { NativeServices } from './native-services.ts';

/** How long a replica is gone before it is started again. */
const GONE_MS = 15_000;
const ASKED_EVERY_MS = 500;

export interface OneEngine {
  readonly engine: string;
  readonly killed: string;
  readonly written: number;
  readonly acknowledged: number;
  readonly failed: number;
  readonly found: number;
  /** From the kill to the end of the last write or question that failed because of it; 0 where none did. */
  readonly servedAgainSeconds: number;
  readonly requestsPerSecond: number;
  /** Records that another tenant than the one that wrote them sees. */
  readonly seenByAnother: number;
}

/** Nothing that was acknowledged is lost, and no tenant sees another's. */
export const kept = ({ acknowledged, found, seenByAnother }: OneEngine): boolean =>
  acknowledged > 0 && found === acknowledged && seenByAnother === 0;

/** A kind whose writes are counted. */
function counted(kind: Kind): {
  readonly kind: Kind;
  readonly count: { written: number; failed: number; lastFailureMs: number };
} {
  const count = { written: 0, failed: 0, lastFailureMs: 0 };
  return {
    count,
    kind: {
      ...kind,
      async write(signal) {
        count.written += 1;
        const ids = await kind.write(signal).catch(() => []);
        if (ids.length === 0) {
          count.failed += 1;
          count.lastFailureMs = performance.now();
        }
        return ids;
      },
    },
  };
}

/** Asks until it is stopped. @returns a call that stops it and says when a question failed last, 0 where none did */
function startAsking(ask: (signal: AbortSignal) => Promise<void>): () => Promise<number> {
  const ending = new AbortController();
  let lastFailureMs = 0;
  const loop = (async () => {
    while (!ending.signal.aborted) {
      await ask(AbortSignal.timeout(5_000)).catch(() => {
        lastFailureMs = performance.now();
      });
      await sleep(ASKED_EVERY_MS, undefined, { signal: ending.signal }).catch(() => {});
    }
  })();
  return async () => {
    ending.abort();
    await loop;
    return lastFailureMs;
  };
}

/** Writes and asks, kills one replica in the middle, brings it back, and looks for everything that was acknowledged. */
export async function oneEngine(options: {
  readonly engine: Engine;
  readonly services: NativeServices;
  readonly requestsPerSecond: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
}): Promise<OneEngine> {
  const { engine, services, seconds, signal } = options;
  const { kind, count } = counted(engine.kind(services, options.requestsPerSecond));
  const startedMs = performance.now();
  const writing = startWriting([kind]);
  let stopAsking: (() => Promise<number>) | undefined;
  let killedMs: number;
  try {
    // Nothing can be asked for before something is there.
    await sleep(5_000, undefined, { signal });
    stopAsking = startAsking((asked) => engine.ask(services, asked));
    await sleep((seconds * 1000) / 3, undefined, { signal });
    killedMs = performance.now();
    await services.kill(engine.killed);
    await sleep(GONE_MS, undefined, { signal });
    await services.start([engine.killed], signal);
    await sleep((seconds * 1000) / 3, undefined, { signal });
  } finally {
    await Promise.all([stopAsking?.(), writing.stop()]);
  }
  const lastFailureMs = Math.max(await stopAsking(), count.lastFailureMs);
  const requestsPerSecond = (1000 * count.written) / (performance.now() - startedMs);
  const acknowledged = (await writing.stop()).get(kind) ?? [];
  const missing = await lookFor(kind, acknowledged, signal);
  return {
    engine: engine.name,
    killed: engine.killed,
    written: count.written,
    acknowledged: acknowledged.length,
    failed: count.failed,
    found: acknowledged.length - missing.length,
    servedAgainSeconds: Math.max(0, lastFailureMs - killedMs) / 1000,
    requestsPerSecond,
    seenByAnother: await engine.seenBy(services, ANOTHER_TENANT),
  };
}
