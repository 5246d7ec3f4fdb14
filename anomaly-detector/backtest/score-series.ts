import type { Parameters } from '../model/parameters.ts';
import type { LabelledSeries } from './labelled-corpus.ts';
import { type Replay, replay } from './replay.ts';

/** What the live path makes of a labelled series, all samples with their scores and the anomalies. */
export function replaySeries(series: LabelledSeries, parameters?: Parameters): Replay {
  const rows = series.values.map((value, row) => ({
    line: row + 1,
    text: ['', ''] as const,
    sample: {
      timestampSeconds: series.timestampSeconds[row]!,
      value,
      ...(series.events ? { events: series.events[row]! } : {}),
    },
  }));
  return replay(rows, {
    stepSeconds: series.stepSeconds,
    timeZone: 'UTC',
    parameters,
    hasEvents: series.events !== undefined,
  });
}

/** The score of each sample, 0 where there is none. */
export function scoreSeries(series: LabelledSeries, parameters?: Parameters): Float64Array {
  return scoresOf(replaySeries(series, parameters));
}

export function scoresOf({ rows }: Replay): Float64Array {
  return Float64Array.from(rows, ({ observation }) =>
    observation?.kind === 'scored' ? observation.score : 0,
  );
}
