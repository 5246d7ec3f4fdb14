import { fork } from 'node:child_process';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { QUERY_LIMITS } from '../watch/query-limits.ts';
import { createRuleWatch } from '../watch/rule-watch.ts';
import type { Shard } from '../watch/shard.ts';
import { loadRule } from './load-rule.ts';
import { createPolls } from './polls.ts';
import { messageOf } from './service-load.ts';

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
    const polls = createPolls(watches);
    onProgress(`shard ${shard.index} of ${shard.count}: learning from the past`);
    await polls.poll();
    onProgress(`shard ${shard.index} of ${shard.count}: ${POLLS} polls`);
    const pollCpuSeconds = await polls.cpuSecondsOf(POLLS);
    return {
      series: watches.reduce((sum, { series }) => sum + series.size, 0),
      pollCpuSeconds,
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    server.kill();
  }
}
