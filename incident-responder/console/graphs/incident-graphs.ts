import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { dashboardUrl } from '@aiops-sre/investigation/links.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { RangeSeries } from '@aiops-sre/service-kit/prometheus/samples.ts';
import type { Incident, IncidentAlert } from '../../incidents/incident.ts';
import { type Graph, type IncidentGraphs, summaryOf } from './graph.ts';
import { aligned, timestampsOf } from './range.ts';
import { WATCHED_METRICS, watchedGraphs } from './watched-graphs.ts';

const BEFORE_MS = 30 * 60_000;
const AFTER_MS = 15 * 60_000;
const LONGEST_MS = 24 * 3_600_000;
const POINTS = 240;
const SHORTEST_STEP_SECONDS = 15;
const MAX_GRAPHS = 8;
const MAX_NAMES = 20;

/** What the graphs need of Prometheus. */
export type RangeReader = Pick<PrometheusClient, 'queryRange'>;

/**
 * Burn rates of the SLOs and watched series of the services that an incident is about, from half an hour before it to a
 * quarter of an hour after, the last 24 hours of it at most, 240 points and 8 graphs at most; those with an anomaly first.
 *
 * @throws Error of the reader, fit for a log
 */
export async function incidentGraphs(options: {
  readonly prometheus: RangeReader;
  readonly incident: Pick<Incident, 'startedAtMs' | 'resolvedAtMs' | 'services'>;
  readonly alerts: readonly Pick<IncidentAlert, 'labels'>[];
  /** For links. */
  readonly grafanaUrl?: string | undefined;
  readonly nowMs: number;
  readonly signal?: AbortSignal;
}): Promise<IncidentGraphs> {
  const { prometheus, incident, alerts, grafanaUrl, nowMs, signal } = options;
  const endMs = Math.min(nowMs, (incident.resolvedAtMs ?? nowMs) + AFTER_MS);
  const startMs = Math.max(incident.startedAtMs - BEFORE_MS, endMs - LONGEST_MS);
  const stepSeconds = Math.max(SHORTEST_STEP_SECONDS, Math.ceil((endMs - startMs) / 1000 / POINTS));
  // Prometheus evaluates at start + n * step; whole steps make the points of two requests the same.
  const range = {
    startSeconds: Math.floor(startMs / 1000 / stepSeconds) * stepSeconds,
    endSeconds: Math.floor(endMs / 1000 / stepSeconds) * stepSeconds,
    stepSeconds,
  };
  const read = async (query: string | undefined) =>
    query === undefined ? [] : (await prometheus.queryRange({ query, ...range }, signal)).series;
  const services = namesMatcher('service', incident.services);
  const slos = namesMatcher(
    'slo',
    alerts.map(({ labels }) => labels.slo ?? 'none').filter((slo) => slo !== 'none'),
  );
  const [watched, burning] = await Promise.all([
    read(services && `{__name__=~"${WATCHED_METRICS.join('|')}", ${services}}`),
    read(slos && `max by (slo) (${SERIES.currentBurnRate}{${slos}})`),
  ]);
  const timestamps = timestampsOf(range);
  const linkTo = (dashboard: string, variable: string) => (value: string | undefined) =>
    grafanaUrl && value && dashboardUrl(grafanaUrl, dashboard, { [variable]: value }, shown);
  const shown = { fromSeconds: range.startSeconds, toSeconds: range.endSeconds };
  const graphs = [
    ...burning.map((series) => ({
      ...burnGraph(series, timestamps),
      link: linkTo('slo-detail', 'slo')(series.labels.slo),
    })),
    ...watchedGraphs(watched, timestamps, linkTo('anomalies', 'rule')),
  ];
  return {
    graphs: graphs.slice(0, MAX_GRAPHS),
    incident: {
      from: incident.startedAtMs / 1000,
      to: incident.resolvedAtMs === null ? null : incident.resolvedAtMs / 1000,
    },
  };
}

/** `label=~"a|b"`. Names with other characters than names have are left out: labels come from outside. */
function namesMatcher(label: string, names: readonly string[]): string | undefined {
  const plain = [...new Set(names)].filter((name) => /^[A-Za-z0-9_-]{1,100}$/.test(name)).slice(0, MAX_NAMES);
  return plain.length === 0 ? undefined : `${label}=~"${plain.join('|')}"`;
}

function burnGraph(series: RangeSeries, timestamps: readonly number[]): Graph {
  const graph = {
    title: `Burn rate of ${series.labels.slo}`,
    timestamps,
    value: aligned(series, timestamps),
  };
  return { ...graph, summary: `${summaryOf(graph)} At 1 the budget lasts exactly its period.` };
}
