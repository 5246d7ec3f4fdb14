import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { type DashboardQuery, dashboardQueries } from './dashboard-queries.ts';
import { intervalsOf } from './interpolation.ts';
import { type Answer, askSource, type QuerySources } from './query-sources.ts';
import { openingValues } from './variables.ts';

export interface QueryResult extends DashboardQuery {
  readonly milliseconds: number;
  /** Number of series, traces, exemplars' series or values. */
  readonly results: number;
  /** What is wrong, in a sentence; undefined where nothing is. */
  readonly problem?: string;
}

export interface CheckOptions extends QuerySources {
  readonly dashboards: readonly Dashboard[];
  /** End of the time range, Unix seconds. */
  readonly untilSeconds: number;
  /** Length of the time range; an hour where left out. */
  readonly rangeSeconds?: number;
  /** Of a graph; 700, about what a panel of half the screen has, where left out. */
  readonly points?: number;
}

/**
 * Runs every query of the dashboards' variables, panels and annotations, one after the other, as Grafana would when
 * each dashboard is opened. A problem is an error, a result that is empty and must not be, and a legend that names a
 * label which no result has.
 */
export async function checkQueries(options: CheckOptions): Promise<readonly QueryResult[]> {
  const intervals = intervalsOf(options.rangeSeconds ?? 3600, options.points ?? 700);
  const at = { untilSeconds: options.untilSeconds, intervals };
  const found: QueryResult[] = [];
  const run = async (query: DashboardQuery): Promise<Answer['results']> => {
    const began = performance.now();
    let results: Answer['results'] = [];
    let problem: string | undefined;
    try {
      ({ results } = await askSource(options, query, at));
      problem = problemOf(query, results);
    } catch (error) {
      problem = error instanceof Error ? error.message : `${error}`;
    }
    found.push({
      ...query,
      milliseconds: performance.now() - began,
      results: results.length,
      ...(problem && { problem }),
    });
    return results;
  };
  for (const dashboard of options.dashboards) {
    const variables = await openingValues(dashboard, intervals, async (query) =>
      (await run(query)).map((result) => result[query.label!]!),
    );
    for (const query of dashboardQueries(dashboard, { variables, intervals })) await run(query);
  }
  return found;
}

function problemOf(query: DashboardQuery, results: Answer['results']): string | undefined {
  if (results.length === 0) return query.mayBeEmpty ? undefined : 'has no result';
  const missing = query.legendLabels.filter((label) => !results.some((result) => result[label]));
  return missing.length > 0 ? `its legend names labels that no result has: ${missing.join(', ')}` : undefined;
}
