import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { afterEach, describe, expect, test } from 'vitest';
import { NO_LEVELS } from '../src/panels/levels.ts';
import { rangeQuery } from '../src/panels/prometheus-query.ts';
import { timeSeries } from '../src/panels/time-series.ts';
import { labelVariable } from '../src/variables.ts';
import { checkQueries } from './check-queries.ts';
import { queryReport } from './report.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A Prometheus that knows the services `a` and `b` and answers range queries with one series of these labels. */
async function prometheus(labels: Record<string, string> | 'none' | 'broken'): Promise<string> {
  server = createServer((request, response) => {
    if (labels === 'broken') return response.writeHead(400).end('parse error');
    const values = request.url!.includes('/label/service/');
    const data = values ? ['a', 'b'] : { result: labels === 'none' ? [] : [{ metric: labels }] };
    return response.end(JSON.stringify({ data }));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const dashboard = new DashboardBuilder('Shown')
  .uid('shown')
  .withVariable(labelVariable('service', 'Service', 'up', { preferred: 'b' }))
  .withPanel(
    timeSeries({
      title: 'Requests',
      description: 'Requests.',
      unit: 'reqps',
      levels: NO_LEVELS,
      queries: [rangeQuery('A', '{{route}}', 'rate(x{service="$service"}[$__rate_interval])')],
    }),
  )
  .build();

const check = async (labels: Parameters<typeof prometheus>[0]) => {
  const prometheusUrl = await prometheus(labels);
  return checkQueries({
    dashboards: [dashboard],
    prometheusUrl,
    tempoUrl: prometheusUrl,
    lokiUrl: prometheusUrl,
    untilSeconds: 1_800_000_000,
  });
};

describe('checking the queries of a dashboard', () => {
  test('runs each with the preferred values of the variables, and finds nothing wrong where all answer', async () => {
    const results = await check({ route: '/' });
    expect(results).toMatchObject([
      { where: 'variable service', results: 2 },
      { where: 'panel Requests', query: 'rate(x{service="b"}[120s])', results: 1 },
    ]);
    expect(results.some(({ problem }) => problem)).toBe(false);
  });

  test.each([
    ['none', 'has no result'],
    ['broken', 'parse error'],
    [{ job: 'x' }, 'labels that no result has: route'],
  ] as const)('answers of %j are reported as: %s', async (labels, problem) => {
    const results = await check(labels);
    expect(results.at(-1)?.problem).toContain(problem);
    expect(queryReport(results).join('\n')).toContain(problem);
  });
});
