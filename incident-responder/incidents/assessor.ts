import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import type { EventFeed } from '../event-feed.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Findings } from '../findings/findings.ts';
import { inTransaction } from '../store/database.ts';
import type { ServiceGraph } from '../topology/service-graph.ts';
import { isContext, isState } from './context-alerts.ts';
import type { Incident } from './incident.ts';
import type { IncidentStore } from './incident-store.ts';
import { incidentTitle } from './incident-title.ts';
import { rankRoots, roleOf } from './root-cause.ts';
import { severityNow, severityOf } from './severity.ts';

/** Alerts that one assessment reads. */
const MAX_ALERTS = 1000;
/** A root less probable is not worth a line in the timeline. */
const WORTH_TELLING = 0.5;

export interface Assessor {
  /** Looks at an incident with the evidence of this moment. @returns it as it is then; undefined if it is not there */
  assess(incidentId: number): Promise<Incident | undefined>;
}

export interface AssessorOptions {
  readonly database: DatabaseSync;
  readonly incidents: IncidentStore;
  readonly events: EventFeed;
  readonly graph: () => ServiceGraph;
  /** Evidence of this moment. */
  readonly gather: (incident: Incident) => Promise<Evidence>;
  /** What traces and logs said of an incident so far. */
  readonly findingsOf: (incidentId: number) => Findings | undefined;
  /** For links. */
  readonly grafanaUrl?: string | undefined;
  readonly log: Logger;
  readonly now?: () => number;
}

/** Severity, probable root and roles of an open incident; those of a mitigated or resolved one stay as they were. */
export function createAssessor(options: AssessorOptions): Assessor {
  const { database, incidents, events, graph, gather, findingsOf, grafanaUrl, log, now = Date.now } = options;
  return {
    async assess(incidentId) {
      const about = incidents.get(incidentId);
      if (about === undefined) return undefined;
      const evidence = await gather(about);
      if (evidence.missing.length > 0)
        log.warn({ incidentId, missing: evidence.missing }, 'evidence is incomplete');
      const changed = inTransaction(database, () => {
        const incident = incidents.get(incidentId);
        // Once an action took effect, the evidence is gone with the trouble: what was found before stands.
        if (incident === undefined || incident.status !== 'open') return false;
        const alerts = incidents.alerts(incidentId, MAX_ALERTS);
        const services = graph();
        const hypotheses = rankRoots({
          alerts: alerts.filter((alert) => !isState(alert)),
          graph: services,
          evidence,
          findings: findingsOf(incidentId),
          grafanaUrl,
        });
        const trouble = alerts.filter((alert) => !isContext(alert));
        const [root] = hypotheses;
        const computedSeverity = severityOf(trouble, services);
        const severity = severityNow(incident, computedSeverity);
        const title = incidentTitle(trouble, root);
        const atMs = now();
        if (severity !== incident.severity)
          incidents.addToTimeline(incidentId, {
            atMs,
            kind: 'severity-changed',
            text: `From ${incident.severity} to ${severity}`,
          });
        const before = incident.hypotheses[0];
        const isNews =
          root !== undefined &&
          root.confidence >= WORTH_TELLING &&
          (root.summary !== before?.summary || before.confidence < WORTH_TELLING);
        if (isNews) {
          incidents.addToTimeline(incidentId, {
            atMs,
            kind: 'root-changed',
            text: `Probable root (${Math.round(root.confidence * 100)} %): ${root.summary}`,
          });
          addChanges(incidentId, evidence, incident.startedAtMs, root.service);
        }
        for (const alert of alerts)
          incidents.setRole(incidentId, alert, roleOf(alert.service, root, services));
        incidents.change(incidentId, { hypotheses, severity, computedSeverity, title });
        return isNews || severity !== incident.severity || title !== incident.title;
      });
      if (changed) events.publish({ topic: 'incident', id: incidentId });
      return incidents.get(incidentId);
    },
  };

  /** Changes to the root's service shortly before the onset belong into the timeline, once each. */
  function addChanges(incidentId: number, { changes }: Evidence, onsetMs: number, service: string): void {
    const told = new Set(incidents.timeline(incidentId).map(({ text }) => text));
    for (const { kind, subject, from, to, byTargeting, atMs, service: touched } of changes) {
      const text =
        kind === 'flag'
          ? `Flag ${subject} changed from ${from} to ${to}${byTargeting ? ', ruled by targeting' : ''}`
          : `${touched} ${to} deployed`;
      if (atMs < onsetMs - 3_600_000 || (touched ?? service) !== service || told.has(text)) continue;
      incidents.addToTimeline(incidentId, { atMs, kind: 'change-seen', text });
    }
  }
}
