import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, test } from 'vitest';
import { NO_LEVELS } from '../src/panels/levels.ts';
import { rangeQuery } from '../src/panels/prometheus-query.ts';
import { stat } from '../src/panels/stat.ts';
import { table } from '../src/panels/table.ts';
import { timeSeries } from '../src/panels/time-series.ts';
import { panelProblems } from './panels.ts';

const options = {
  title: 'Requests',
  description: 'Requests each second.',
  unit: 'reqps',
  expression: 'sum(rate(http_requests_total[$__rate_interval]))',
  levels: NO_LEVELS,
  noValue: 'No traffic',
};

describe('a panel', () => {
  test('that says what it shows is fine', () => {
    expect(panelProblems(stat(options).build())).toEqual([]);
  });

  test.each<[string, Partial<typeof options>]>([
    ['has no title', { title: '' }],
    ['has no description in whole sentences', { description: 'requests' }],
    ['has no unit', { unit: '' }],
    ['which Grafana does not know', { unit: 'requests' }],
    ['says nothing when there is no data', { noValue: '' }],
  ])('that %s is a problem', (problem, change) => {
    expect(panelProblems(stat({ ...options, ...change }).build())).toEqual([
      expect.stringContaining(problem),
    ]);
  });

  test('with a query that does not parse is a problem', () => {
    expect(panelProblems(stat({ ...options, expression: 'sum(rate(x[5m])' }).build())).toEqual([
      expect.stringContaining('syntax error'),
    ]);
  });

  test('with lines that no one can tell apart is a problem', () => {
    const lines = (...legends: string[]) =>
      timeSeries({
        ...options,
        queries: legends.map((legend, index) => rangeQuery(`${index}`, legend, options.expression)),
      }).build();
    expect(panelProblems(lines('all', '{{route}}'))).toEqual([]);
    expect(panelProblems(lines('all', ''))).toEqual([expect.stringContaining('without a name')]);
    expect(panelProblems(lines('all', 'all'))).toEqual([expect.stringContaining('two lines')]);
  });

  // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own syntax
  const url = '/d/x?y=${__data.fields["Service"]}';

  test('whose order or link names a column it does not have is a problem', () => {
    const shown: Panel = table({
      title: 'SLOs',
      description: 'One row an SLO.',
      columns: [{ title: 'SLO', label: 'slo', links: [{ title: 'Details', url }] }],
      sortBy: { title: 'Burn', descending: true },
      noValue: 'None',
    }).build();
    expect(panelProblems(shown).join()).toMatch(/"Burn".*"Service"/);
  });
});
