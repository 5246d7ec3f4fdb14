import { describe, expect, test } from 'vitest';
import { shownPanels } from '../lint/panels.ts';
import { allDashboards } from '../src/all-dashboards.ts';
import { dashboardQueries } from './dashboard-queries.ts';
import { EMPTY_WHEN_CALM } from './empty-when-calm.ts';
import { intervalsOf } from './interpolation.ts';

const intervals = intervalsOf(3600, 700);
const variables = new Proxy({}, { get: () => 'value' }) as Record<string, string>;
const queries = allDashboards().flatMap((dashboard) => dashboardQueries(dashboard, { variables, intervals }));

describe('queries of the dashboards', () => {
  test('are those of panels and annotations, of both data sources', () => {
    const of = (dashboard: string, where: string) =>
      queries.filter((query) => query.dashboard === dashboard && query.where === where);
    expect(of('tracing', 'panel Failing traces')).toMatchObject([{ kind: 'search', dataSource: 'tempo' }]);
    expect(of('application', 'panel Latency').map(({ kind }) => kind)).toEqual([
      'instant',
      'range',
      'range',
      'range',
      'exemplars',
      'exemplars',
    ]);
    expect(of('platform', 'annotation Pages')).toHaveLength(1);
  });

  test('have nothing left to fill in, save the backreferences of PromQL', () => {
    for (const { query } of queries) expect(query).not.toMatch(/\$(?!\d)/);
  });

  test('of a panel with a time range of its own ask for that range', () => {
    const overADay = intervalsOf(86_400, 700);
    const [lines] = allDashboards()
      .flatMap((dashboard) => dashboardQueries(dashboard, { variables, intervals: overADay }))
      .filter(({ where }) => where === 'panel Recurring lines of $service');
    expect(lines?.query).toContain('[3600s]');
  });

  test('tell which labels their legend names', () => {
    expect(queries.find(({ where }) => where === 'panel Requests by route')?.legendLabels).toEqual(['route']);
  });

  test('may be empty only where a reason is given for a query that exists', () => {
    const keys = new Set(
      allDashboards().flatMap((dashboard) => [
        dashboard.uid!,
        ...shownPanels(dashboard).flatMap((panel) => {
          const targets = ('targets' in panel && (panel.targets as unknown as { refId: string }[])) || [];
          const key = `${dashboard.uid}/panel ${panel.title}`;
          return [key, ...targets.map(({ refId }) => `${key}/${refId}`)];
        }),
        ...(dashboard.templating?.list ?? []).map(({ name }) => `${dashboard.uid}/variable ${name}`),
      ]),
    );
    for (const key of Object.keys(EMPTY_WHEN_CALM)) expect(keys).toContain(key);
    const figures = queries.filter(
      ({ kind, dashboard }) => kind !== 'exemplars' && !(dashboard in EMPTY_WHEN_CALM),
    );
    expect(figures.filter(({ mayBeEmpty }) => mayBeEmpty).length).toBeLessThan(figures.length / 4);
  });
});
