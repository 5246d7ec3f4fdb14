import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface WatchedService {
  readonly service: string;
  readonly url: string;
  /** Of the answer that says ready. Default: 200. */
  readonly readyStatus?: number | undefined;
}

export interface ServiceHealth {
  readonly ready: boolean;
  /** Why not: a status or what went wrong. */
  readonly reason?: string;
  /** Since when it is as it is, ISO 8601. */
  readonly since: string;
}

/** Undefined where it is ready, else what it does instead. By node:http, as fetch would cost the process 10 MB. */
function ask({ url, readyStatus = 200 }: WatchedService, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: timeoutMs }, (response) => {
      response.resume();
      resolve(response.statusCode === readyStatus ? undefined : `answered ${response.statusCode}`);
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
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
      const reason = await ask(target, timeoutMs);
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
