import type { Parameters } from '../model/parameters.ts';
import { SeasonalModel } from '../model/seasonal-model.ts';
import type { LabelledSeries } from './labelled-corpus.ts';

/** The score of each sample, 0 where there is none. */
export function scoreSeries(series: LabelledSeries, parameters?: Parameters): Float64Array {
  const model = new SeasonalModel(
    { stepSeconds: series.stepSeconds, timeZone: 'UTC' },
    undefined,
    parameters,
  );
  return Float64Array.from(series.values, (value, row) => {
    const observation = model.update(series.timestampSeconds[row]!, value);
    return observation.kind === 'scored' ? observation.score : 0;
  });
}
