import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { shownPanels } from '../lint/panels.ts';
import { DATA_SOURCES } from '../src/data-sources.ts';
import { emptyWhenCalm } from './empty-when-calm.ts';
import { type Intervals, interpolated } from './interpolation.ts';

/** What is asked of a data source, and how. */
type QueryKind = 'instant' | 'range' | 'exemplars' | 'search' | 'label-values' | 'lines';

export interface DashboardQuery {
  /** `uid` of the dashboard. */
  readonly dashboard: string;
  /** `panel TITLE`, `variable NAME` or `annotation NAME`. */
  readonly where: string;
  /** Of a panel: titles may occur twice. */
  readonly panelId?: number;
  readonly refId: string;
  /** `uid` of the data source. */
  readonly dataSource: string;
  readonly kind: QueryKind;
  /** PromQL, LogQL, TraceQL or, for label values, the series' selector; with variables and intervals filled in. */
  readonly query: string;
  /** For {@link QueryKind} `label-values`: which label. */
  readonly label?: string;
  /** Labels that the legend or a table's columns name. */
  readonly legendLabels: readonly string[];
  /** Why it may rightly have no result, where it may. */
  readonly mayBeEmpty?: string;
}

export type VariableValues = Readonly<Record<string, string>>;

export interface FillIn {
  /** By name of the variable. */
  readonly variables: VariableValues;
  readonly intervals: Intervals;
}

interface Target {
  readonly refId?: string;
  readonly expr?: string;
  readonly instant?: boolean;
  readonly exemplar?: boolean;
  readonly legendFormat?: string;
  readonly query?: string;
  readonly queryType?: string;
  /** Of a query for lines, not figures. */
  readonly maxLines?: number;
  readonly datasource?: { readonly uid?: string };
}

/** Every query of a dashboard's panels and annotations, as Grafana would send it. */
export function dashboardQueries(dashboard: Dashboard, fill: FillIn): readonly DashboardQuery[] {
  const uid = dashboard.uid!;
  const complete = (
    query: Omit<DashboardQuery, 'dashboard' | 'mayBeEmpty'>,
    intervals = fill.intervals,
  ): DashboardQuery => {
    const reason = emptyWhenCalm(uid, query);
    return {
      dashboard: uid,
      ...query,
      query: interpolated(query.query, fill.variables, intervals),
      ...(reason && { mayBeEmpty: reason }),
    };
  };
  const panels = shownPanels(dashboard).flatMap((panel) =>
    ((panel.targets ?? []) as unknown as Target[]).flatMap((target) =>
      asked(target).map((query) =>
        complete(
          {
            where: `panel ${panel.title}`,
            ...(panel.id !== undefined && { panelId: panel.id }),
            ...query,
          },
          overridden(fill.intervals, panel.timeFrom),
        ),
      ),
    ),
  );
  const annotations = (dashboard.annotations?.list ?? []).flatMap((annotation) => {
    const { expr } = annotation as { expr?: string };
    if (expr === undefined) return [];
    return complete({
      where: `annotation ${annotation.name}`,
      refId: 'Anno',
      dataSource: DATA_SOURCES.prometheus.uid,
      kind: 'range',
      query: expr,
      legendLabels: [],
    });
  });
  return [...panels, ...annotations];
}

const SECONDS_OF_UNIT: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

/** A panel may have a time range of its own, which `$__range` is then. */
function overridden(intervals: Intervals, timeFrom: string | undefined): Intervals {
  if (timeFrom === undefined) return intervals;
  const [, count, unit] = /^(\d+)([mhd])$/.exec(timeFrom) ?? [];
  if (unit === undefined) throw new Error(`timeFrom: expected a duration such as 1h, got ${timeFrom}`);
  return { ...intervals, rangeSeconds: Number(count) * SECONDS_OF_UNIT[unit]! };
}

type Asked = Omit<DashboardQuery, 'dashboard' | 'where' | 'panelId' | 'mayBeEmpty'>;

function asked(target: Target): readonly Asked[] {
  const refId = target.refId ?? '';
  const legendLabels = [...(target.legendFormat ?? '').matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(
    ([, name]) => name!,
  );
  if (target.datasource?.uid === DATA_SOURCES.loki.uid)
    return [
      {
        refId,
        dataSource: DATA_SOURCES.loki.uid,
        kind: target.maxLines ? 'lines' : target.queryType === 'instant' ? 'instant' : 'range',
        query: target.expr ?? '',
        legendLabels,
      },
    ];
  if (target.expr !== undefined)
    return [
      {
        refId,
        dataSource: DATA_SOURCES.prometheus.uid,
        kind: target.exemplar ? 'exemplars' : target.instant ? 'instant' : 'range',
        query: target.expr,
        legendLabels,
      },
    ];
  return [
    {
      refId,
      dataSource: DATA_SOURCES.tempo.uid,
      kind: 'search',
      query: target.query ?? '',
      legendLabels: [],
    },
  ];
}
