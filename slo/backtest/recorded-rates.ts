import { SERIES, sloSelector } from '@aiops-sre/conventions/slo-series.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { sampleValue } from '@aiops-sre/service-kit/prometheus/samples.ts';
import { secondsOf } from '../model/durations.ts';
import type { Slo } from '../model/slo.ts';
import { eventExpressions } from '../rules/event-expressions.ts';
import { type EventRates, STEP_SECONDS } from './event-rates.ts';

/** Below the 11,000 points a series that Prometheus answers with at most. */
const CHUNK_SECONDS = 7 * 86_400;

export interface RecordedRates {
  readonly rates: EventRates;
  /** Share of the minutes that have telemetry, 0..1. */
  readonly coverage: number;
}

/**
 * An SLO's events from a Prometheus: what its rules recorded, and for minutes without that from the counters that its queries
 * name. With `countersOnly` what was recorded is passed over, as it is of an earlier form of the definition.
 *
 * @param options.fromSeconds from when on results are wanted; the longest window of the alerts before that, six hours at
 *   least, is read too
 */
export async function recordedRates(options: {
  readonly prometheus: Pick<PrometheusClient, 'queryRange'>;
  readonly slo: Slo;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
  readonly countersOnly?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (share: number) => void;
}): Promise<RecordedRates> {
  const { prometheus, slo, signal, onProgress } = options;
  const longest = Math.max(...slo.pairs.map(({ long }) => secondsOf(long)), secondsOf('6h'));
  const startSeconds = Math.floor((options.fromSeconds - longest) / STEP_SECONDS) * STEP_SECONDS;
  const samples = Math.floor((options.untilSeconds - startSeconds) / STEP_SECONDS) + 1;
  const bad = new Float64Array(samples).fill(Number.NaN);
  const total = new Float64Array(samples).fill(Number.NaN);
  const { bad: badNow, total: totalNow } = eventExpressions(slo, '5m');
  const queries = [
    [bad, badNow, SERIES.badRateMinute],
    [total, totalNow, SERIES.totalRateMinute],
  ] as const;
  for (let index = 0; index < samples; index += CHUNK_SECONDS / STEP_SECONDS) {
    const chunk = {
      startSeconds: startSeconds + index * STEP_SECONDS,
      endSeconds: Math.min(
        startSeconds + index * STEP_SECONDS + CHUNK_SECONDS - STEP_SECONDS,
        startSeconds + (samples - 1) * STEP_SECONDS,
      ),
      stepSeconds: STEP_SECONDS,
    };
    for (const [values, counted, recorded] of queries) {
      const query = options.countersOnly ? counted : `${recorded}${sloSelector(slo)} or (${counted})`;
      const { series } = await prometheus.queryRange({ ...chunk, query }, signal);
      // Counters come without labels, what was recorded has those of the SLO and is written last.
      const ordered = series.toSorted((a, b) => Object.keys(a.labels).length - Object.keys(b.labels).length);
      for (const { samples: points } of ordered)
        for (const [atSeconds, value] of points)
          values[Math.round((atSeconds - startSeconds) / STEP_SECONDS)] = sampleValue(value);
    }
    onProgress?.(Math.min(1, (index + CHUNK_SECONDS / STEP_SECONDS) / samples));
  }
  // A minute counts where both are known: bad events of an unknown number of events say nothing.
  for (let index = 0; index < samples; index += 1)
    if (!Number.isFinite(total[index]!)) bad[index] = total[index] = Number.NaN;
  const present = total.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
  return { rates: { startSeconds, bad, total }, coverage: present / samples };
}
