import { setTimeout as sleep } from 'node:timers/promises';
import { askReady, type ReadyQuestion } from './ask-ready.ts';

export interface WatchedService extends ReadyQuestion {
  readonly service: string;
}

export interface ServiceHealth {
  readonly ready: boolean;
  /** Why not: a status or what went wrong. */
  readonly reason?: string;
  /** Since when it is as it is, ISO 8601. */
  readonly since: string;
}

/**
 * Asks every target again and again until `signal` is aborted.
 *
 * @param options.onChange called when a service becomes ready or stops being so, and with the first answer.
 * @returns what was found last, by service; empty before the first answers.
 */
export function watch(options: {
  readonly targets: readonly WatchedService[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onChange: (service: string, health: ServiceHealth) => void;
}): ReadonlyMap<string, ServiceHealth> {
  const { targets, intervalMs, timeoutMs, signal, onChange } = options;
  const found = new Map<string, ServiceHealth>();
  const watchOne = async (target: WatchedService) => {
    const { service } = target;
    while (!signal.aborted) {
      const reason = await askReady(target, timeoutMs);
      const before = found.get(service);
      const ready = reason === undefined;
      const health: ServiceHealth = {
        ready,
        ...(reason !== undefined && { reason }),
        since: before?.ready === ready ? before.since : new Date().toISOString(),
      };
      found.set(service, health);
      if (before?.ready !== ready) onChange(service, health);
      await sleep(intervalMs, undefined, { signal }).catch(() => {});
    }
  };
  for (const target of targets) void watchOne(target);
  return found;
}
