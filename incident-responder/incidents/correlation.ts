import { CLUSTER_LABEL } from '@aiops-sre/conventions/alerts.ts';
import type { ServiceGraph } from '../topology/service-graph.ts';
import type { Incident } from './incident.ts';

/** Alerts whose onsets lie further apart are different incidents. */
export const CORRELATION_WINDOW_MS = 5 * 60_000;
/** Calls between two services that may still have one cause. */
const MAX_HOPS = 3;

export interface CorrelatedAlert {
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAtMs: number;
}

type Candidate = Pick<Incident, 'id' | 'startedAtMs' | 'lastAlertAtMs' | 'services' | 'cluster'>;

/**
 * The incident that an alert belongs to: its onset lies within five minutes of the incident's alerts, and its service is
 * one of theirs, calls one of them or is called by one, directly or not; and the two do not name different clusters. Of several the one with the nearest service,
 * then the latest. undefined: it opens a new one.
 */
export function incidentFor<Of extends Candidate>(
  alert: CorrelatedAlert,
  incidents: readonly Of[],
  graph: ServiceGraph,
): Of | undefined {
  const near = incidents
    .filter(
      ({ startedAtMs, lastAlertAtMs, cluster }) =>
        !areApart(alert.labels[CLUSTER_LABEL], cluster) &&
        alert.startsAtMs >= startedAtMs - CORRELATION_WINDOW_MS &&
        alert.startsAtMs <= lastAlertAtMs + CORRELATION_WINDOW_MS,
    )
    .map((incident) => ({ incident, hops: hopsTo(alert.service, incident.services, graph) }))
    .filter(({ hops }) => hops <= MAX_HOPS);
  near.sort((a, b) => a.hops - b.hops || b.incident.id - a.incident.id);
  return near[0]?.incident;
}

/** What names no cluster may be of any. */
const areApart = (one: string | undefined, other: string | undefined) =>
  one !== undefined && other !== undefined && one !== other;

function hopsTo(service: string, others: readonly string[], graph: ServiceGraph): number {
  const hops = others.flatMap((other) => [graph.hops(service, other), graph.hops(other, service)]);
  return Math.min(Number.POSITIVE_INFINITY, ...hops.filter((each) => each !== undefined));
}
