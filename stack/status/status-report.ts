import { endpoint } from '@aiops-sre/service-kit/platform/ports.ts';
import {
  createPrometheusClient,
  type PrometheusAlert,
} from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { type HistoryRange, readHistoryMarker } from '../backfill/marker.ts';
import { composeServicesHere } from '../compose/docker.ts';
import { type ClusterStatus, clusterStatus } from '../kubernetes/cluster.ts';
import { forwardsLayout, readInstallation } from '../kubernetes/installation.ts';
import { layout as layoutOf } from '../native/layout.ts';
import { type ComponentStatus, nativeStatus } from '../native/status.ts';
import type { Settings } from '../settings.ts';
import { type AnomalyStatus, readAnomalies } from './anomaly-status.ts';
import { type IncidentStatus, readIncidents } from './incident-status.ts';
import { readServices, type ServiceStatus } from './service-status.ts';
import { readSlos, type SloStatus } from './slo-status.ts';

/** How everything is; a part that could not be asked is undefined. */
export interface StatusReport {
  readonly engine: 'native' | 'compose' | 'kubernetes';
  /** Every component answers its readiness check and is watched; compose sees to that itself. */
  readonly ready: boolean;
  readonly components: readonly ComponentStatus[] | undefined;
  /** Names of what Compose runs. */
  readonly composeServices: readonly string[];
  /** What runs in a cluster, of which `components` are those whose ports are forwarded; undefined where it does not answer. */
  readonly cluster: ClusterStatus | undefined;
  /** What sends spans, in the order of names. */
  readonly services: readonly ServiceStatus[] | undefined;
  readonly slos: readonly SloStatus[] | undefined;
  /** Alerts that fire, the Watchdog left out. */
  readonly alerts: readonly PrometheusAlert[] | undefined;
  readonly anomalies: readonly AnomalyStatus[] | undefined;
  /** Incidents that are not resolved, newest first. */
  readonly incidents: readonly IncidentStatus[] | undefined;
  readonly history: HistoryRange | undefined;
}

/** Undefined where nothing runs. Components are asked side by side, each for 10 s at most. */
export async function readStatus(settings: Settings): Promise<StatusReport | undefined> {
  const layout = layoutOf(settings);
  const native = await nativeStatus(layout);
  const forwarded = native ? undefined : await nativeStatus(forwardsLayout(settings));
  const components = native ?? forwarded;
  const compose = components ? [] : await composeServicesHere(settings);
  const engine = native ? 'native' : forwarded ? 'kubernetes' : compose.length > 0 ? 'compose' : undefined;
  if (!engine) return undefined;
  const prometheus = createPrometheusClient({ url: endpoint(settings, 'prometheus'), timeoutMs: 10_000 });
  const installation = forwarded && readInstallation(settings);
  const [cluster, services, slos, alerts, anomalies, incidents] = await Promise.all([
    installation && clusterStatus(installation).catch(() => undefined),
    readServices(prometheus).catch(() => undefined),
    readSlos(prometheus).catch(() => undefined),
    prometheus.alerts().catch(() => undefined),
    readAnomalies(prometheus).catch(() => undefined),
    readIncidents(endpoint(settings, 'incidentResponder')).catch(() => undefined),
  ]);
  return {
    engine,
    ready:
      (components?.every(({ ready, state }) => ready && state === 'running') ?? true) &&
      (!forwarded || cluster?.unready.length === 0),
    components,
    composeServices: compose,
    cluster,
    services,
    slos,
    alerts: alerts?.filter(({ state, labels }) => state === 'firing' && labels.alertname !== 'Watchdog'),
    anomalies,
    incidents,
    history: readHistoryMarker(layout),
  };
}
