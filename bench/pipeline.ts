import { provideBinaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import { recipes } from '@aiops-sre/stack/native/binaries/recipes.ts';
import { Progress } from '@aiops-sre/stack/progress.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import type { Benchmark, Figures } from './figures.ts';
import { measureCollector, SIGNALS, type Signal } from './pipeline/measure-collector.ts';
import { measurePrometheus } from './pipeline/measure-prometheus.ts';
import { wholeNumbers } from './whole-numbers.ts';

const SECONDS = 15;
const SERIES = 100_000;

/** What one Collector and one Prometheus take on one core. */
export const pipelineBenchmark: Benchmark = {
  description: `spans and log records that one Collector takes on one core, beside one that throws them away; ${SERIES} series in one Prometheus (--seconds)`,
  async run({ root, environment, args, onProgress, signal }) {
    const { seconds } = wholeNumbers('pipeline', args, { seconds: SECONDS });
    const settings = readSettings(root, environment);
    const { otelcol = '', prometheus = '' } = await provideBinaries({
      settings,
      recipes: recipes(settings.versions).filter(
        ({ name }) => name === 'prometheus' || name === 'otel-collector',
      ),
      path: environment.PATH ?? '',
      progress: new Progress(onProgress),
      signal,
    });
    const figures: Figures = {};
    for (const kind of Object.keys(SIGNALS) as Signal[]) {
      const measure = async (bare: boolean) => {
        onProgress(`Collector, ${kind}, ${bare ? 'thrown away' : 'whole pipeline'} ...`);
        return await measureCollector({ binary: otelcol, bare, kind, seconds, signal });
      };
      const [bare, whole] = [await measure(true), await measure(false)];
      figures[`Collector, ${kind}`] = { value: whole.perCoreSecond, unit: 'a second of a core' };
      figures[`Collector, ${kind}, thrown away`] = { value: bare.perCoreSecond, unit: 'a second of a core' };
      figures[`Collector, ${kind}, share of that`] = {
        value: (100 * whole.perCoreSecond) / bare.perCoreSecond,
        unit: '%',
      };
      figures[`Collector, ${kind}, as sent`] = { value: whole.perSecond, unit: 'a second' };
      figures[`Collector, ${kind}, lost`] = { value: whole.lost, unit: `of ${whole.sent}` };
      figures[`Collector, ${kind}, turned away for a while`] = { value: whole.turnedAway, unit: 'pushes' };
    }
    onProgress(`Prometheus, ${SERIES} series a second ...`);
    const measured = await measurePrometheus({ binary: prometheus, series: SERIES, seconds, signal });
    figures['Prometheus, samples'] = { value: measured.samplesPerCoreSecond, unit: 'a second of a core' };
    figures['Prometheus, memory'] = { value: measured.bytesPerSeries, unit: 'bytes a series' };
    figures['Prometheus, series'] = { value: measured.series, unit: 'series' };
    figures['Prometheus, scrapes that failed'] = { value: measured.failedScrapes, unit: 'scrapes' };
    return figures;
  },
};
