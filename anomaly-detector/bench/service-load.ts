import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { createRuleSnapshots } from '../state/rule-snapshots.ts';
import { newStateFolder } from '../testing/example-detector.ts';
import { QUERY_LIMITS } from '../watch/query-limits.ts';
import { createRuleWatch } from '../watch/rule-watch.ts';
import { WHOLE } from '../watch/shard.ts';
import { loadRule } from './load-rule.ts';
import { createPolls } from './polls.ts';

export interface ServiceLoad {
  /** CPU seconds of one poll of every series: fetch, parse, update, look for alerts, render the metrics. */
  readonly pollCpuSeconds: number;
  /** From the start of a process with everything learnt to its first evaluation: by the clock, and CPU. */
  readonly restartSeconds: number;
  readonly restartCpuSeconds: number;
}

const POLLS = 5;

/** Runs the service's parts against a Prometheus with that many series, in another process. */
export async function measureServiceLoad(seriesCount: number): Promise<ServiceLoad> {
  const server = fork(new URL('load-prometheus.ts', import.meta.url), [String(seriesCount)]);
  const stateFolder = await newStateFolder();
  try {
    const { url } = await messageOf<{ url: string }>(server);
    const rule = loadRule(seriesCount);
    const watch = createRuleWatch({
      rule,
      prometheus: createPrometheusClient({ url, timeoutMs: 120_000, ...QUERY_LIMITS }),
      timeZone: 'UTC',
      shard: WHOLE,
      onSkipped: () => {},
    });
    const polls = createPolls([watch]);
    // The first learns from the past, the second warms up.
    await polls.poll();
    await polls.poll();
    const pollCpuSeconds = await polls.cpuSecondsOf(POLLS);
    const snapshots = createRuleSnapshots({
      directory: stateFolder,
      timeZone: 'UTC',
      shard: WHOLE,
      onUnusable: () => {},
    });
    await snapshots.save(rule, watch.save()!);
    const restart = fork(new URL('load-restart.ts', import.meta.url), [
      url,
      stateFolder,
      String(seriesCount),
      String(polls.nextSeconds() + 10),
    ]);
    const { seconds, cpuSeconds } = await messageOf<{ seconds: number; cpuSeconds: number }>(restart);
    return {
      pollCpuSeconds,
      restartSeconds: seconds,
      restartCpuSeconds: cpuSeconds,
    };
  } finally {
    server.kill();
    await rm(stateFolder, { recursive: true });
  }
}

/** The first message of a child, or an error when it ends without one. */
export async function messageOf<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${child.spawnargs.join(' ')} ended with ${code} before it said anything`);
  });
  const [message] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});
  return message as T;
}
