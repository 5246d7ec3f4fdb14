import { parseArgs } from 'node:util';
import { measureDetector } from '@aiops-sre/anomaly-detector/bench/detector.ts';
import { measureShardLoad } from '@aiops-sre/anomaly-detector/bench/shard-load.ts';
import { parseShard } from '@aiops-sre/anomaly-detector/watch/shard.ts';
import type { Benchmark } from './figures.ts';

/** A million series in all, each answer as large as a rule's may be by default. */
const RULES = 100;
const SERIES_A_RULE = 10_000;

/** Scores per file of a labelled corpus laid out as NAB's, where one is given, and speed and memory. */
export const detectorBenchmark: Benchmark = {
  description:
    'detector: speed, memory; with --data DIR --labels FILE scores per file of a corpus laid out as NAB; with --shard 1/20 only that share of 1,000,000 series',
  async run({ args, onProgress }) {
    const { values } = parseArgs({
      args: [...args],
      options: { data: { type: 'string' }, labels: { type: 'string' }, shard: { type: 'string' } },
    });
    if (values.shard !== undefined) {
      const shard = parseShard(values.shard);
      const load = await measureShardLoad({ rules: RULES, seriesPerRule: SERIES_A_RULE, shard, onProgress });
      const part = `shard ${values.shard} of ${(RULES * SERIES_A_RULE).toLocaleString('en')} series`;
      return {
        [`${part}, its series`]: { value: load.series, unit: 'series' },
        [`${part}, one poll, CPU`]: { value: load.pollCpuSeconds, unit: 's' },
        [`${part}, peak memory`]: { value: load.peakMegabytes, unit: 'MB' },
      };
    }
    return measureDetector({
      onProgress,
      ...(values.data && { dataDir: values.data }),
      ...(values.labels && { labelsFile: values.labels }),
    });
  },
};
