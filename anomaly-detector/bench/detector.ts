import { readLabelledCorpus } from '../backtest/labelled-corpus.ts';
import { type NabResult, normaliseNab, scoreNab, windowMetrics } from '../backtest/nab-score.ts';
import { scoreSeries } from '../backtest/score-series.ts';
import { ALARM_THRESHOLD } from '../model/series-model.ts';
import { measureServiceLoad } from './service-load.ts';
import { measureSpeed } from './speed.ts';

export interface DetectorBenchmarkOptions {
  /** Folder of CSV files and its labels, laid out as NAB's; without them only speed is measured. */
  readonly dataDir?: string;
  readonly labelsFile?: string;
  readonly seriesCount?: number;
  readonly onProgress: (line: string) => void;
}

/** By name, each with its unit. */
export type DetectorFigures = Record<string, { readonly value: number; readonly unit: string }>;

/** Scores a labelled corpus with the built-in threshold, and measures speed and memory. */
export async function measureDetector(options: DetectorBenchmarkOptions): Promise<DetectorFigures> {
  const { dataDir, labelsFile, onProgress } = options;
  const figures: DetectorFigures = {};
  if (dataDir !== undefined && labelsFile !== undefined) {
    const results: NabResult[] = [];
    const byCategory = new Map<string, NabResult[]>();
    for (const series of await readLabelledCorpus(dataDir, labelsFile)) {
      const result = scoreNab(series.timestampSeconds, scoreSeries(series), series.windows, ALARM_THRESHOLD);
      results.push(result);
      const category = series.name.split('/')[0]!;
      byCategory.set(category, [...(byCategory.get(category) ?? []), result]);
      onProgress(
        `${series.name}: ${result.windowsHit} of ${result.windows} windows, ${result.falseAlarms} false alarms`,
      );
      figures[`${series.name}, NAB raw`] = { value: result.raw.standard, unit: '' };
    }
    for (const [category, members] of byCategory) addCorpusFigures(figures, category, members);
    addCorpusFigures(figures, 'all', results);
  }
  onProgress('measuring speed');
  const seriesCount = options.seriesCount ?? 10_000;
  const speed = measureSpeed(seriesCount);
  onProgress('measuring polls and a restart');
  const load = await measureServiceLoad(seriesCount);
  const many = `${seriesCount.toLocaleString('en')} series`;
  return {
    ...figures,
    'a sample, plain Holt-Winters': { value: speed.plainHoltWintersNs, unit: 'ns' },
    'a sample, one series': { value: speed.oneSeriesNs, unit: 'ns' },
    [`a sample, ${many} in turn`]: { value: speed.seriesInTurnNs, unit: 'ns' },
    'memory a series': { value: speed.bytesPerSeries, unit: 'bytes' },
    'stored state': { value: speed.storedBytes, unit: 'bytes' },
    [`one poll of ${many}, CPU`]: { value: load.pollCpuSeconds, unit: 's' },
    [`restart with ${many} to the first evaluation`]: { value: load.restartSeconds, unit: 's' },
    'that restart, CPU': { value: load.restartCpuSeconds, unit: 's' },
  };
}

function addCorpusFigures(figures: DetectorFigures, name: string, results: readonly NabResult[]): void {
  const { precision, recall, falseAlarmsPerWeek } = windowMetrics(results);
  if (results.some(({ windows }) => windows > 0)) {
    figures[`${name}, NAB standard`] = { value: normaliseNab(results, 'standard'), unit: '' };
    figures[`${name}, precision`] = { value: precision, unit: '' };
    figures[`${name}, recall`] = { value: recall, unit: '' };
  }
  figures[`${name}, false alarms`] = { value: falseAlarmsPerWeek, unit: 'a series-week' };
}
