import * as slo from '@aiops-sre/conventions/queries/slo.ts';
import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { roughDuration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import { promqlString } from '../../remediation/promql.ts';
import { type Graph, type IncidentGraphs, summaryOf } from './graph.ts';
import type { RangeReader } from './incident-graphs.ts';
import { aligned, latestRange, percents, timestampsOf } from './range.ts';

const DAY_SECONDS = 86_400;
const PAST = { seconds: 30 * DAY_SECONDS, stepSeconds: 3 * 3600 };
const AHEAD_SECONDS = 10 * DAY_SECONDS;
const RECENT = { seconds: DAY_SECONDS, stepSeconds: 360 };

/**
 * One SLO: budget left over 30 days and forecast, burn rates against the factor of a page, share of good events, events.
 * The queries are those of the dashboards.
 *
 * @throws Error of the reader, fit for a log
 */
export async function sloGraphs(options: {
  readonly prometheus: RangeReader;
  readonly name: string;
  readonly service: string | undefined;
  readonly nowMs: number;
}): Promise<IncidentGraphs> {
  const { prometheus, name, service, nowMs } = options;
  const scope = [
    `slo=${promqlString(name)}`,
    ...(service === undefined ? [] : [`service=${promqlString(service)}`]),
  ].join(',');
  const past = latestRange(PAST.seconds, PAST.stepSeconds, nowMs);
  const recent = latestRange(RECENT.seconds, RECENT.stepSeconds, nowMs);
  const line = async (query: string, range: typeof past, timestamps: readonly number[]) =>
    aligned((await prometheus.queryRange({ query, ...range })).series[0], timestamps);
  const latest = {
    startSeconds: past.endSeconds,
    endSeconds: past.endSeconds,
    stepSeconds: PAST.stepSeconds,
  };
  const until = (series: string) =>
    `clamp_max(min by (service, slo) (${series}{${scope}}), ${slo.NEVER_SECONDS})`;
  const ahead = timestampsOf({ ...past, endSeconds: past.endSeconds + AHEAD_SECONDS });
  const now = timestampsOf(recent);
  const [left, expected, soonest, latestEnd, burn1h, burn6h, good, events] = await Promise.all([
    line(slo.budgetRemaining(scope), past, ahead),
    line(slo.timeToExhaustion(scope), latest, [latest.endSeconds]),
    line(until(SERIES.timeToExhaustionLower), latest, [latest.endSeconds]),
    line(until(SERIES.timeToExhaustionUpper), latest, [latest.endSeconds]),
    line(slo.burnRate(scope, '1h'), recent, now),
    line(slo.burnRate(scope, '6h'), recent, now),
    line(slo.attained(scope, '1h'), recent, now),
    line(slo.perSlo(slo.series(SERIES.totalRateMinute, scope)), recent, now),
  ]);
  const budget = budgetGraph(ahead, left, past.endSeconds, [expected[0], soonest[0], latestEnd[0]]);
  const page = slo.PAGE_CONDITIONS[0];
  return {
    incident: null,
    graphs: [
      budget,
      named({
        title: 'Burn rate, last day',
        name: 'over 1 h',
        timestamps: now,
        value: burn1h,
        lines: [{ name: 'over 6 h', values: burn6h }],
        limit: { name: `page from ${page.factor} on`, at: Number(page.factor) },
      }),
      named({ title: 'Good events over an hour, %, last day', timestamps: now, value: percents(good) }),
      named({ title: 'Events a second, last day', timestamps: now, value: events }),
    ],
  };
}

const named = (graph: Omit<Graph, 'summary'>): Graph => ({ ...graph, summary: summaryOf(graph) });

/** Budget left as it was, and from now on how it goes on at the rate of the last hours, with the bounds of that. */
function budgetGraph(
  timestamps: readonly number[],
  value: readonly (number | null)[],
  nowSeconds: number,
  seconds: readonly (number | null | undefined)[],
): Graph {
  const left = value.findLast((each) => each !== null) ?? null;
  const forecast = (end: number | null | undefined) =>
    timestamps.map((at) => {
      if (left === null || left <= 0 || at < nowSeconds) return null;
      if (end == null || end >= slo.NEVER_SECONDS || end <= 0) return left;
      return Math.max(0, left * (1 - (at - nowSeconds) / end));
    });
  const [expected, lower, upper] = seconds.map(forecast) as [
    (number | null)[],
    (number | null)[],
    (number | null)[],
  ];
  const graph = { title: 'Error budget left, 30 days and forecast', timestamps, value };
  const end = seconds[0];
  const told =
    left === null
      ? 'Nothing is recorded yet.'
      : left <= 0
        ? 'Nothing is left.'
        : `${Math.round(left * 1000) / 10} % left; ${end == null || end >= slo.NEVER_SECONDS ? 'at the rate of the last hours it lasts' : `spent in ${roughDuration(end)} at the rate of the last hours`}. Dashed: the forecast.`;
  return { ...graph, band: { expected, lower, upper }, summary: told };
}
