import { printError } from '@aiops-sre/service-kit/terminal/print.ts';
import {
  createPlatformMetrics,
  listenForReadiness,
  type PlatformMetrics,
} from '../../readiness/platform-metrics.ts';
import { createUnreadyRestarts } from '../../readiness/unready-restarts.ts';
import { watch } from '../../readiness/watch.ts';
import type { SupervisedProcess } from './supervised-process.ts';

const INTERVAL_MS = 5_000;
const TIMEOUT_MS = 5_000;

/**
 * Asks the processes that are marked so whether they are ready, tells it at `port`, and restarts those that stay unready
 * though they run.
 */
export async function watchReadiness(options: {
  readonly processes: ReadonlyMap<string, SupervisedProcess>;
  readonly port: number | undefined;
}): Promise<{ readonly metrics: PlatformMetrics }> {
  const watched = [...options.processes.values()].filter(({ spec }) => spec.isWatched);
  const found = watch({
    targets: watched.map(({ spec }) => ({
      service: spec.name,
      url: spec.readyUrl,
      readyStatus: spec.readyStatus,
    })),
    intervalMs: INTERVAL_MS,
    timeoutMs: TIMEOUT_MS,
    signal: new AbortController().signal,
    onChange: () => {},
  });
  const metrics = createPlatformMetrics(found);
  const restarts = createUnreadyRestarts(
    new Map(
      watched.flatMap(({ spec }) => (spec.unreadyRestartMs ? [[spec.name, spec.unreadyRestartMs]] : [])),
    ),
  );
  setInterval(() => {
    const observed = watched.map(({ spec: { name }, status: { state, pid } }) => ({
      name,
      pid: state === 'running' ? pid : undefined,
      ready: found.get(name)?.ready ?? false,
    }));
    for (const name of restarts.due(observed, performance.now())) {
      printError(`${new Date().toISOString()} ${name} stays unready (${found.get(name)?.reason}): restarted`);
      metrics.restarted(name);
      void options.processes.get(name)?.restart();
    }
  }, INTERVAL_MS);
  if (options.port !== undefined)
    await listenForReadiness({
      host: '127.0.0.1',
      port: options.port,
      names: [],
      expected: watched.map(({ spec }) => spec.name),
      found,
      metrics,
    });
  return { metrics };
}
