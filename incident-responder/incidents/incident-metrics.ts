import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { ActionRun } from '../remediation/action.ts';
import { RUN_STATES, UNFINISHED_STATES } from '../remediation/run-states.ts';
import { INCIDENT_SEVERITIES, type Incident } from './incident.ts';
import type { IncidentStore } from './incident-store.ts';

const BUCKETS_SECONDS = [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 14_400, 86_400];
const ENDED = RUN_STATES.filter((state) => !UNFINISHED_STATES.includes(state));

export interface IncidentMetrics {
  /** To be called whenever an incident may have changed. */
  observe(incident: Incident): void;
  runRecorded(run: ActionRun): void;
  dispatched(eventType: string, atMs: number): void;
  chainVerified(intact: boolean): void;
}

export interface IncidentMetricsOptions {
  readonly registry: Registry;
  readonly incidents: IncidentStore;
  readonly actionNames: readonly string[];
}

type Milestones = { acknowledged: boolean; mitigated: boolean; resolved: boolean; alerts: number };

/** The responder's figures about incidents. What happened before the start counts in none but the mean. */
export function registerIncidentMetrics({
  registry,
  incidents,
  actionNames,
}: IncidentMetricsOptions): IncidentMetrics {
  const registers = [registry];
  const histogram = (name: string, what: string) =>
    new Histogram({
      name,
      help: `Seconds from the onset of an incident until ${what}`,
      buckets: BUCKETS_SECONDS,
      registers,
    });
  const toDetect = histogram(METRICS.timeToDetect, 'the responder heard of it');
  const toAcknowledge = histogram(METRICS.timeToAcknowledge, 'somebody, or an action, took it on');
  const toMitigate = histogram(METRICS.timeToMitigate, 'its harm ended');
  const toResolve = histogram(METRICS.timeToResolve, 'its last alert resolved');
  const opened = new Counter({
    name: METRICS.incidents,
    help: 'Incidents opened, by their first severity',
    labelNames: ['severity'] as const,
    registers,
  });
  for (const severity of INCIDENT_SEVERITIES) opened.inc({ severity }, 0);
  const alerts = new Counter({
    name: METRICS.incidentAlerts,
    help: 'Alerts that became part of an incident',
    registers,
  });
  const runs = new Counter({
    name: METRICS.actionRuns,
    help: 'Runs of actions that ended, by outcome',
    labelNames: ['action', 'outcome'] as const,
    registers,
  });
  for (const action of actionNames) for (const outcome of ENDED) runs.inc({ action, outcome }, 0);
  const lastDispatch = new Gauge({
    name: METRICS.lastDispatch,
    help: 'When a workflow was last dispatched, Unix seconds',
    labelNames: ['event_type'] as const,
    registers,
  });
  const chain = new Gauge({
    name: METRICS.auditChainIntact,
    help: '1 if the hash chain of the audit log held when it was last verified, else 0',
    registers,
  });
  new Gauge({
    name: METRICS.openIncidents,
    help: 'Incidents that are not resolved',
    labelNames: ['status'] as const,
    registers,
    collect() {
      const unresolved = incidents.unresolved();
      for (const status of ['open', 'mitigated'] as const)
        this.set({ status }, unresolved.filter((each) => each.status === status).length);
    },
  });
  const mean = new Gauge({
    name: METRICS.meanTimeToResolve,
    help: 'Mean seconds from onset to resolution, over the incidents kept',
    // A label of no values: without it prom-client would show 0 before the first incident.
    labelNames: ['scope'] as const,
    registers,
    collect() {
      const seconds = incidents.meanSecondsToResolve();
      if (seconds !== undefined) mean.set({ scope: 'kept' }, seconds);
    },
  });

  const milestonesOf = (incident: Incident): Milestones => ({
    acknowledged: incident.acknowledgedAtMs !== null,
    mitigated: incident.mitigatedAtMs !== null,
    resolved: incident.resolvedAtMs !== null,
    alerts: incident.alertCount,
  });
  // Counted before a restart.
  const seen = new Map(incidents.unresolved().map((incident) => [incident.id, milestonesOf(incident)]));
  return {
    observe(incident) {
      const since = (ms: number) => Math.max(0, ms - incident.startedAtMs) / 1000;
      const before = seen.get(incident.id);
      if (before === undefined) {
        opened.inc({ severity: incident.severity });
        toDetect.observe(since(incident.detectedAtMs));
      }
      if (!before?.acknowledged && incident.acknowledgedAtMs !== null)
        toAcknowledge.observe(since(incident.acknowledgedAtMs));
      if (!before?.mitigated && incident.mitigatedAtMs !== null)
        toMitigate.observe(since(incident.mitigatedAtMs));
      if (!before?.resolved && incident.resolvedAtMs !== null)
        toResolve.observe(since(incident.resolvedAtMs));
      alerts.inc(Math.max(0, incident.alertCount - (before?.alerts ?? 0)));
      seen.set(incident.id, milestonesOf(incident));
      if (seen.size > 1000) seen.delete(seen.keys().next().value!);
    },
    runRecorded({ action, state }) {
      if (ENDED.includes(state)) runs.inc({ action, outcome: state });
    },
    chainVerified: (intact) => chain.set(intact ? 1 : 0),
    dispatched: (eventType, atMs) => lastDispatch.set({ event_type: eventType }, atMs / 1000),
  };
}
