import { parseArgs } from 'node:util';
import { measureDetector } from '@aiops-sre/anomaly-detector/bench/detector.ts';
import type { Benchmark } from './figures.ts';

/** Scores per file of a labelled corpus laid out as NAB's, where one is given, and speed and memory. */
export const detectorBenchmark: Benchmark = {
  description:
    'detector: speed, memory; with --data DIR --labels FILE scores per file of a corpus laid out as NAB',
  async run({ args, onProgress }) {
    const { values } = parseArgs({
      args: [...args],
      options: { data: { type: 'string' }, labels: { type: 'string' } },
    });
    return measureDetector({
      onProgress,
      ...(values.data && { dataDir: values.data }),
      ...(values.labels && { labelsFile: values.labels }),
    });
  },
};
