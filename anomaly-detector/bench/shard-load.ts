import { fork } from 'node:child_process';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { reportOf } from '../alerts/current-alerts.ts';
import { exposeSeries } from '../metrics/series-exposition.ts';
import { QUERY_LIMITS } from '../watch/query-limits.ts';
import { createRuleWatch } from '../watch/rule-watch.ts';
import type { Shard } from '../watch/shard.ts';
import { loadRule } from './load-rule.ts';
import { LINKS, messageOf, NOW_SECONDS } from './service-load.ts';

export interface ShardLoad {
  /** Series of this shard. */
  readonly series: number;
  /** CPU seconds of one poll of all rules: every answer whole, of which it keeps its share. */
  readonly pollCpuSeconds: number;
  /** Of the process, the highest so far. */
  readonly peakMegabytes: number;
}

const POLLS = 3;

/** One detector of many, against a Prometheus that answers each of so many rules with `seriesPerRule` series. */
export async function measureShardLoad({
  rules,
  seriesPerRule,
  shard,
  onProgress,
}: {
  readonly rules: number;
  readonly seriesPerRule: number;
  readonly shard: Shard;
  readonly onProgress: (line: string) => void;
}): Promise<ShardLoad> {
  const server = fork(new URL('load-prometheus.ts', import.meta.url), [String(seriesPerRule)]);
  try {
    const { url } = await messageOf<{ url: string }>(server);
    const prometheus = createPrometheusClient({ url, timeoutMs: 120_000, ...QUERY_LIMITS });
    const watches = Array.from({ length: rules }, (_, index) =>
      createRuleWatch({
        rule: { ...loadRule(seriesPerRule), name: `requests-${index}` },
        prometheus,
        timeZone: 'UTC',
        shard,
        onSkipped: () => {},
      }),
    );
    let now = NOW_SECONDS;
    const poll = async () => {
      for (const watch of watches) await watch.poll(now);
      reportOf(
        watches.flatMap(({ rule, series }) => [...series.values()].map((each) => ({ rule, series: each }))),
        now,
        { links: LINKS, timeZone: 'UTC' },
      );
      exposeSeries(watches);
      now += watches[0]!.rule.stepSeconds;
    };
    onProgress(`shard ${shard.index} of ${shard.count}: learning from the past`);
    await poll();
    onProgress(`shard ${shard.index} of ${shard.count}: ${POLLS} polls`);
    const before = process.cpuUsage();
    for (let done = 0; done < POLLS; done += 1) await poll();
    const { user, system } = process.cpuUsage(before);
    return {
      series: watches.reduce((sum, { series }) => sum + series.size, 0),
      pollCpuSeconds: (user + system) / 1e6 / POLLS,
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    server.kill();
  }
}
