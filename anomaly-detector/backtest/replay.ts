import { type Anomaly, createAnomalyTracker } from '../model/anomaly.ts';
import { createSeriesModel } from '../model/seasonal-model.ts';
import { ALARM_THRESHOLD, type Observation, type SeriesModelOptions } from '../model/series-model.ts';
import type { InputRow } from './samples.ts';

export interface ReplayedRow {
  readonly row: InputRow;
  /** Undefined for a row that could not be read. */
  readonly observation: Observation | undefined;
}

interface ReplayedAnomaly {
  readonly anomaly: Anomaly;
  /** Undefined while it lasts beyond the last row. */
  readonly endSeconds: number | undefined;
}

export interface Replay {
  readonly rows: readonly ReplayedRow[];
  readonly anomalies: readonly ReplayedAnomaly[];
}

/** Runs one series through a new model and a new tracker, row by row, as it would have run live. */
export function replay(rows: readonly InputRow[], options: SeriesModelOptions): Replay {
  const model = createSeriesModel(options);
  const tracker = createAnomalyTracker();
  const anomalies: ReplayedAnomaly[] = [];
  let open: Anomaly | undefined;
  const replayed = rows.map((row): ReplayedRow => {
    if (!('sample' in row)) return { row, observation: undefined };
    const { timestampSeconds, value } = row.sample;
    const observation = model.update(timestampSeconds, value);
    const status = tracker.observe(timestampSeconds, value, observation);
    if (status.state === 'ended') anomalies.push({ anomaly: status.anomaly, endSeconds: status.endSeconds });
    open = status.state === 'active' ? status.anomaly : undefined;
    return { row, observation };
  });
  if (open) anomalies.push({ anomaly: open, endSeconds: undefined });
  return { rows: replayed, anomalies };
}

/** True where the score says alarm. */
export function isAlarm({ observation }: ReplayedRow): boolean {
  return observation?.kind === 'scored' && observation.score >= ALARM_THRESHOLD;
}
