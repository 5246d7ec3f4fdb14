import { provideBinaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import { recipes } from '@aiops-sre/stack/native/binaries/recipes.ts';
import { Progress } from '@aiops-sre/stack/progress.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import type { Benchmark, Figures } from './figures.ts';
import { measureServices } from './services/measure-services.ts';

const SERVICES = 200;
const ROUTES = 20;

/** What many services cost: series, dashboards, the detector's polls. */
export const servicesBenchmark: Benchmark = {
  description: `${SERVICES} services with ${ROUTES} routes each: series, dashboards’ queries, polls of the detector’s templates`,
  async run({ root, environment, onProgress, signal }) {
    const settings = readSettings(root, environment);
    const { prometheus = '', promtool = '' } = await provideBinaries({
      settings,
      recipes: recipes(settings.versions).filter(({ name }) => name === 'prometheus'),
      path: environment.PATH ?? '',
      progress: new Progress(onProgress),
      signal,
    });
    const made = { services: SERVICES, routes: ROUTES };
    const measured = await measureServices({ made, root, prometheus, promtool, onProgress, signal });
    const figures: Figures = {
      'series, all': { value: measured.series, unit: 'series' },
      'series, a service': { value: measured.series / SERVICES, unit: 'series' },
    };
    for (const { uid, allMs, slowestMs, which, processorSeconds } of measured.dashboards) {
      figures[`dashboard ${uid}, all queries over 1 h`] = { value: allMs / 1000, unit: 's' };
      figures[`dashboard ${uid}, processor time of Prometheus for them`] = {
        value: processorSeconds,
        unit: 's',
      };
      figures[`dashboard ${uid}, slowest (${which})`] = { value: slowestMs / 1000, unit: 's' };
    }
    for (const { name, pollMs, stepMs, series } of measured.rules) {
      figures[`detector, ${name}, longest poll`] = { value: pollMs / 1000, unit: `s of ${stepMs / 1000}` };
      figures[`detector, ${name}, watched`] = { value: series, unit: 'series' };
    }
    return figures;
  },
};
