import { checkQueries } from '@aiops-sre/grafana/query-check/check-queries.ts';
import { queryReport } from '@aiops-sre/grafana/query-check/report.ts';
import { allDashboards } from '@aiops-sre/grafana/src/all-dashboards.ts';
import { expect, test } from 'vitest';
import { overBudget, readSeriesBudget, seriesCosts, seriesTable } from '../../series-budget/series-budget.ts';
import { ROOT, stackUnderTest } from '../../testing/stack-under-test.ts';

const stack = stackUnderTest();
const RANGE_SECONDS = 3_600;
/** After a start everything a dashboard shows has to be there within this. */
const WITHIN_MS = 90_000;

test('every query of every dashboard returns data', { timeout: 180_000 }, async () => {
  const check = () =>
    checkQueries({
      dashboards: allDashboards(),
      prometheusUrl: stack.url('prometheus'),
      tempoUrl: stack.url('tempo'),
      lokiUrl: stack.url('loki'),
      untilSeconds: Math.floor(Date.now() / 1000),
      rangeSeconds: RANGE_SECONDS,
    });
  const problemsOf = (results: Awaited<ReturnType<typeof check>>) => results.filter(({ problem }) => problem);
  let results = await check();
  for (const deadline = Date.now() + WITHIN_MS; problemsOf(results).length > 0 && Date.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    results = await check();
  }
  console.log(queryReport(results));
  expect(problemsOf(results)).toEqual([]);
});

test('no job has more active series than its budget', async () => {
  const costs = await seriesCosts(stack.prometheus, readSeriesBudget(ROOT));
  console.log(seriesTable(costs));
  expect(overBudget(costs)).toEqual([]);
});
