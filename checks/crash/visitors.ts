import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from './kind.ts';

/** Requests that wait for an answer at most; more would only pile up in front of what is down. */
const MOST_AT_ONCE = 100;
const EVERY_MS = 50;

export interface Visitors {
  /** @returns answered requests a second, since the start. */
  stop(): Promise<number>;
}

/** Requests to the storefront, `perSecond` of them where the machine can: the load under which things are killed. */
export function startVisitors({ http, url }: Stack, perSecond: number): Visitors {
  const startedMs = performance.now();
  const ending = new AbortController();
  const running = new Set<Promise<void>>();
  let sent = 0;
  let answered = 0;
  const visit = async () => {
    const { status } = await http.get(url('storefront', '/api/products'), { timeout: 5_000 });
    if (status < 500) answered += 1;
  };
  const loop = (async () => {
    while (!ending.signal.aborted) {
      const due = (perSecond * (performance.now() - startedMs)) / 1000;
      for (; sent < due; sent += 1) {
        if (running.size >= MOST_AT_ONCE) continue;
        const one = visit()
          .catch(() => {})
          .finally(() => running.delete(one));
        running.add(one);
      }
      await sleep(EVERY_MS);
    }
    await Promise.all(running);
  })();
  return {
    async stop() {
      const seconds = (performance.now() - startedMs) / 1000;
      ending.abort();
      await loop;
      return answered / seconds;
    },
  };
}
