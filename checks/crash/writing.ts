import { setTimeout as sleep } from 'node:timers/promises';
import type { Kind } from './kind.ts';

/** A write whose receiver is gone ends after this. */
const WRITE_TIMEOUT_MS = 5_000;

export interface Writing {
  /** Stops, waits for what is on its way, and returns what was acknowledged, by kind. */
  stop(): Promise<ReadonlyMap<Kind, readonly string[]>>;
}

/** Writes every kind at its rate until it is stopped. A write that is due while as many as a second has run is left out. */
export function startWriting(kinds: readonly Kind[]): Writing {
  const acknowledged = new Map<Kind, string[]>(kinds.map((kind) => [kind, []]));
  const ending = new AbortController();
  const loops = kinds.map(async (kind) => {
    const running = new Set<Promise<void>>();
    const write = async () => {
      const ids = await kind.write(AbortSignal.timeout(WRITE_TIMEOUT_MS)).catch(() => []);
      acknowledged.get(kind)!.push(...ids);
    };
    const everyMs = 1000 / kind.writesPerSecond;
    for (let dueMs = performance.now() + everyMs; !ending.signal.aborted; dueMs += everyMs) {
      if (running.size < Math.max(1, kind.writesPerSecond)) {
        const one = write().finally(() => running.delete(one));
        running.add(one);
      }
      const waitMs = dueMs - performance.now();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal: ending.signal }).catch(() => {});
    }
    await Promise.all(running);
  });
  return {
    async stop() {
      ending.abort();
      await Promise.all(loops);
      return acknowledged;
    },
  };
}
