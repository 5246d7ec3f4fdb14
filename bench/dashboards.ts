import {
  overBudget,
  readSeriesBudget,
  seriesCosts,
  seriesTable,
} from '@aiops-sre/checks/series-budget/series-budget.ts';
import { checkQueries, type QueryResult } from '@aiops-sre/grafana/query-check/check-queries.ts';
import { allDashboards } from '@aiops-sre/grafana/src/all-dashboards.ts';
import { endpoint } from '@aiops-sre/service-kit/platform/ports.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import type { Benchmark, Figures } from './figures.ts';

const ROUNDS = 5;
const RANGE_SECONDS = 86_400;

const total = (results: readonly QueryResult[]) =>
  results.reduce((sum, { milliseconds }) => sum + milliseconds, 0);

/** Every query of each dashboard over 24 h, one after the other, on the running stack; and what its series are. */
export const dashboardsBenchmark: Benchmark = {
  description: 'time of each dashboard’s queries over 24 h, and active series by job; on the running stack',
  async run({ root, environment, onProgress, signal }) {
    const settings = readSettings(root, environment);
    const dashboards = allDashboards();
    const rounds = new Map<string, (readonly QueryResult[])[]>(dashboards.map(({ uid }) => [uid!, []]));
    // One before the first: what the page cache and Tempo's blocks need is not the queries' doing.
    for (let round = 0; round <= ROUNDS; round += 1) {
      onProgress(round === 0 ? 'warming up ...' : `round ${round} of ${ROUNDS} ...`);
      for (const dashboard of dashboards) {
        signal.throwIfAborted();
        const results = await checkQueries({
          dashboards: [dashboard],
          prometheusUrl: endpoint(settings, 'prometheus'),
          tempoUrl: endpoint(settings, 'tempo'),
          lokiUrl: endpoint(settings, 'loki'),
          untilSeconds: Math.floor(Date.now() / 1000),
          rangeSeconds: RANGE_SECONDS,
        });
        if (round > 0) rounds.get(dashboard.uid!)!.push(results);
      }
    }

    const figures: Figures = {};
    const table = plainTable(['dashboard', 'panels', 'queries', 'together', 'slowest', 'which']);
    for (const [uid, measured] of rounds) {
      const median = measured.toSorted((one, other) => total(one) - total(other))[Math.floor(ROUNDS / 2)]!;
      const slowest = median.reduce((one, other) => (other.milliseconds > one.milliseconds ? other : one));
      const panels = new Set(
        median.flatMap(({ where, panelId }) => (where.startsWith('panel') ? [panelId] : [])),
      );
      table.push([
        uid,
        `${panels.size}`,
        `${median.length}`,
        `${(total(median) / 1000).toFixed(2)} s`,
        `${slowest.milliseconds.toFixed(0)} ms`,
        `${slowest.where} ${slowest.refId}`,
      ]);
      figures[`${uid}, all queries over 24 h`] = { value: total(median) / 1000, unit: 's' };
      figures[`${uid}, slowest query`] = { value: slowest.milliseconds, unit: 'ms' };
      for (const { where, refId, problem } of median)
        if (problem) onProgress(`${uid}, ${where} ${refId}: ${problem}`);
    }
    onProgress(`\n${table.toString()}\n`);

    const costs = await seriesCosts(
      createPrometheusClient({ url: endpoint(settings, 'prometheus'), timeoutMs: 10_000 }),
      readSeriesBudget(root),
    );
    onProgress(`${seriesTable(costs)}\n`);
    for (const problem of overBudget(costs)) onProgress(problem);
    for (const { job, series } of costs) figures[`active series, ${job}`] = { value: series, unit: 'series' };
    figures['active series, all'] = {
      value: costs.reduce((sum, { series }) => sum + series, 0),
      unit: 'series',
    };
    return figures;
  },
};
