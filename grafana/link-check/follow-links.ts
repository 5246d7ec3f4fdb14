import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { z } from 'zod';
import {
  type DashboardQuery,
  dashboardQueries,
  type VariableValues,
} from '../query-check/dashboard-queries.ts';
import { intervalsOf } from '../query-check/interpolation.ts';
import { askSource, type QuerySources } from '../query-check/query-sources.ts';
import { openingValues } from '../query-check/variables.ts';
import { DATA_SOURCES } from '../src/data-sources.ts';
import { filledIn, linksOf, rowsOf } from './links.ts';

export interface FollowOptions extends QuerySources {
  readonly dashboards: readonly Dashboard[];
  /** The time range that the dashboards show. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Whether the trace is found when Explore opens it at this range. */
  readonly openTrace: (traceId: string, fromMs: number, toMs: number) => Promise<boolean>;
}

export interface Followed {
  /** `DASHBOARD WHERE "TITLE"`. */
  readonly link: string;
  readonly address: string;
  /** What is wrong, in a sentence; undefined where the click shows data. */
  readonly problem?: string;
}

const paneSchema = z.record(
  z.string(),
  z.object({
    datasource: z.string(),
    queries: z.array(z.object({ query: z.string() })),
    range: z.object({ from: z.string(), to: z.string() }),
  }),
);
/** Of as many rows as there may be, these tell whether the link is right. */
const ROWS = 4;
const POINTS = 700;

/** Follows every link of the dashboards as they show the time range, each from some of the rows or lines that have it. */
export async function followLinks(options: FollowOptions): Promise<readonly Followed[]> {
  const { dashboards, fromSeconds, toSeconds } = options;
  const ask = (query: DashboardQuery, from: number, to: number) =>
    askSource(options, query, { untilSeconds: to, intervals: intervalsOf(to - from, POINTS) });
  const opened = async (dashboard: Dashboard, from: number, to: number, set: VariableValues = {}) => {
    const choices = new Map<string, readonly string[]>();
    const variables = await openingValues(
      withValues(dashboard, set),
      intervalsOf(to - from, POINTS),
      async (query) => {
        const { results } = await ask(query, from, to);
        const values = results.map((result) => result[query.label!]!);
        choices.set(query.where.replace('variable ', ''), values);
        return values;
      },
    );
    return { variables, choices };
  };
  const queriesOf = (dashboard: Dashboard, variables: VariableValues, from: number, to: number) =>
    dashboardQueries(dashboard, { variables, intervals: intervalsOf(to - from, POINTS) });

  const openDashboard = async (uid: string, parameters: URLSearchParams): Promise<string | undefined> => {
    const dashboard = dashboards.find((other) => other.uid === uid);
    if (!dashboard) return `there is no dashboard ${uid}`;
    const to = parameters.get('to') === 'now' ? Date.now() : Number(parameters.get('to'));
    const [from, until] = [Number(parameters.get('from')) / 1000, to / 1000];
    if (!(from > 0 && until > from)) return 'it carries no time range';
    const set = Object.fromEntries(
      (dashboard.templating?.list ?? []).flatMap(({ name }) => {
        const value = parameters.get(`var-${name}`);
        return value && value !== '.*' ? [[name, value] as const] : [];
      }),
    );
    const { variables, choices } = await opened(dashboard, from, until, set);
    const queries = queriesOf(dashboard, { ...variables, ...set }, from, until);
    for (const [name, value] of Object.entries(set)) {
      if (!(choices.get(name) ?? [value]).includes(value)) return `${value} is no choice of variable ${name}`;
      const about = queries.filter(({ query }) => mentions(query, value));
      if (!(await anyResult(about, (query) => ask(query, from, until))))
        return `nothing is shown of ${name} ${value}`;
    }
    return undefined;
  };

  const open = async (address: string): Promise<string | undefined> => {
    const { pathname, searchParams } = new URL(address, 'http://grafana');
    const [, page, uid] = pathname.split('/');
    if (page === 'd') return openDashboard(uid!, searchParams);
    const panes = paneSchema.parse(JSON.parse(searchParams.get('panes') ?? ''));
    for (const { datasource, queries, range } of Object.values(panes)) {
      if (datasource !== DATA_SOURCES.tempo.uid) return `nobody has said what ${datasource} shows`;
      for (const { query } of queries)
        if (!(await options.openTrace(query, Number(range.from), Number(range.to))))
          return `trace ${query} is not found`;
    }
    return undefined;
  };

  const followed: Followed[] = [];
  for (const dashboard of dashboards) {
    const { variables } = await opened(dashboard, fromSeconds, toSeconds);
    const queries = queriesOf(dashboard, variables, fromSeconds, toSeconds);
    for (const { where, title, url, panel } of linksOf(dashboard)) {
      const link = `${dashboard.uid} ${where} "${title}"`;
      const answers = await Promise.all(
        queries
          .filter(({ panelId, kind }) => panel && panelId === panel.id && kind !== 'exemplars')
          .map(async (query) => [query, await ask(query, fromSeconds, toSeconds)] as const),
      );
      const isFixed = !/__data|__field/.test(url);
      const rows = panel && !isFixed ? rowsOf(panel, url, answers) : [{ cells: {}, labels: {} }];
      const at = { variables, fromMs: fromSeconds * 1000, toMs: toSeconds * 1000 };
      const addresses = new Set(rows.map((row) => filledIn(url, { ...at, row })));
      if (addresses.size === 0)
        followed.push({ link, address: url, problem: 'nothing is shown that has it' });
      for (const address of [...addresses].slice(0, ROWS)) {
        const problem = await open(address);
        followed.push({ link, address, ...(problem && { problem }) });
      }
    }
  }
  return followed;
}

/** The dashboard as an address that sets variables opens it. */
const withValues = (dashboard: Dashboard, set: VariableValues): Dashboard => ({
  ...dashboard,
  templating: {
    list: (dashboard.templating?.list ?? []).map((variable) => {
      const value = set[variable.name];
      return value === undefined ? variable : { ...variable, current: { text: value, value } };
    }),
  },
});

/** As a label's value, the first of some, or a bound. */
const mentions = (query: string, value: string) =>
  ['"', ' '].some((before) => query.includes(`${before}${value}`));

async function anyResult(
  queries: readonly DashboardQuery[],
  ask: (query: DashboardQuery) => Promise<{ readonly results: readonly unknown[] }>,
): Promise<boolean> {
  for (const query of queries) if ((await ask(query)).results.length > 0) return true;
  return false;
}
