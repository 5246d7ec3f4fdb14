import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { LabelledSeries } from '@aiops-sre/anomaly-detector/backtest/labelled-corpus.ts';
import type { Detector } from '@aiops-sre/anomaly-detector/detector.ts';
import { parseRules } from '@aiops-sre/anomaly-detector/rules/load-rules.ts';
import { exampleDetector } from '@aiops-sre/anomaly-detector/testing/example-detector.ts';
import { createManualClock, type ManualClock } from '@aiops-sre/anomaly-detector/testing/manual-clock.ts';
import { z } from 'zod';
import { RECORDED_METRIC } from './recording.ts';

const DELAY_SECONDS = 10;
const HISTORY_SECONDS = 28 * 86_400;
const PATIENCE_MS = 60_000;

/** An anomaly that the detector told an Alertmanager of. */
const toldAnomaly = z.object({
  rule: z.string(),
  labels: z.record(z.string(), z.string()),
  startsAtSeconds: z.number(),
  endedAtSeconds: z.number().optional(),
  summary: z.string(),
});
export type ToldAnomaly = z.output<typeof toldAnomaly>;

/** How far back a recording is read before the first moment that is watched. */
export const READ_BACK_SECONDS = HISTORY_SECONDS + 7 * 86_400;

/**
 * Runs the whole detector, its polls, rules and alerts, over days that a Prometheus has recorded, as fast as it polls.
 * @returns the anomalies that it raised in that time
 */
export async function watchDays(options: {
  series: readonly LabelledSeries[];
  prometheusUrl: string;
  fromSeconds: number;
  toSeconds: number;
  folder: string;
}): Promise<readonly ToldAnomaly[]> {
  const { series, fromSeconds, toSeconds } = options;
  const steps = [...new Set(series.map(({ stepSeconds }) => stepSeconds))];
  // What is told is read from the detector's own journal; an Alertmanager that takes it in is all it needs.
  const alertmanager = createServer((request, response) =>
    request.resume().on('end', () => response.end('{}')),
  );
  await new Promise<void>((resolve) => alertmanager.listen(0, '127.0.0.1', resolve));
  const clock = createManualClock(fromSeconds + DELAY_SECONDS);
  const detector = await exampleDetector({
    prometheusUrl: options.prometheusUrl,
    alertmanagerUrls: [`http://127.0.0.1:${(alertmanager.address() as AddressInfo).port}`],
    stateFolder: join(options.folder, 'state'),
    clock,
    rules: parseRules(JSON.stringify({ version: 1, rules: steps.map(ruleOfStep) }), 'watch'),
  });
  try {
    await detector.start();
    await evaluated(detector, clock, steps);
    const advanceSeconds = Math.min(...steps);
    while (clock.nowSeconds() - DELAY_SECONDS < toSeconds) {
      clock.advance(advanceSeconds);
      await evaluated(detector, clock, steps);
    }
    return z
      .array(toldAnomaly)
      .parse(detector.anomalies())
      .filter(({ startsAtSeconds }) => startsAtSeconds >= fromSeconds);
  } finally {
    await detector.stop();
    alertmanager.close();
    alertmanager.closeAllConnections();
  }
}

const ruleOfStep = (stepSeconds: number) => ({
  name: `recorded_${stepSeconds}s`,
  title: 'Recorded value',
  query: `${RECORDED_METRIC}{step="${stepSeconds}"}`,
  step: `${stepSeconds}s`,
  window: `${stepSeconds}s`,
  backfill: {
    history: `${HISTORY_SECONDS}s`,
    step: `${Math.max(300, stepSeconds)}s`,
    window: `${Math.max(300, stepSeconds)}s`,
  },
  vanished: 'ignore',
  max_series: 10_000,
});

/** Waits until each rule has been evaluated as far as the clock lets it. */
async function evaluated(detector: Detector, clock: ManualClock, steps: readonly number[]): Promise<void> {
  const startedMs = Date.now();
  const until = clock.nowSeconds() - DELAY_SECONDS;
  for (;;) {
    const metrics = await detector.metrics();
    const behind = steps.filter((step) => {
      const lag = new RegExp(`^anomaly_detector_lag_seconds\\{rule="recorded_${step}s"\\} (\\S+)$`, 'm').exec(
        metrics,
      );
      return lag === null || clock.nowSeconds() - Number(lag[1]) < Math.floor(until / step) * step;
    });
    if (behind.length === 0) return;
    if (Date.now() - startedMs > PATIENCE_MS)
      throw new Error(`after ${PATIENCE_MS / 1000} s the rules of ${behind.join(', ')} s are not evaluated`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
