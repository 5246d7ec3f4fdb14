import type { AuditEntry } from '../audit/audit-entry.ts';
import type { Findings } from '../findings/findings.ts';
import type { Incident, IncidentAlert, TimelineEntry } from '../incidents/incident.ts';
import type { SimilarIncident } from '../incidents/similar-incidents.ts';
import type { ActionRun } from '../remediation/action.ts';

const instant = (ms: number) => new Date(ms).toISOString();
const instantOrNull = (ms: number | null) => (ms === null ? null : instant(ms));

/** Domain objects as the API sends them: instants as ISO 8601. */
export function incidentJson({
  startedAtMs,
  detectedAtMs,
  acknowledgedAtMs,
  mitigatedAtMs,
  ...rest
}: Incident) {
  const {
    resolvedAtMs,
    lastAlertAtMs,
    rootVerdict,
    severitySet: _set,
    computedSeverity: _computed,
    ...incident
  } = rest;
  return {
    ...incident,
    startedAt: instant(startedAtMs),
    detectedAt: instant(detectedAtMs),
    acknowledgedAt: instantOrNull(acknowledgedAtMs),
    mitigatedAt: instantOrNull(mitigatedAtMs),
    resolvedAt: instantOrNull(resolvedAtMs),
    lastAlertAt: instant(lastAlertAtMs),
    rootVerdict: rootVerdict ? verdictJson(rootVerdict) : null,
  };
}

export function incidentAlertJson({ startsAtMs, endsAtMs, receivedAtMs, ...alert }: IncidentAlert) {
  return {
    ...alert,
    startsAt: instant(startsAtMs),
    endsAt: instantOrNull(endsAtMs),
    receivedAt: instant(receivedAtMs),
  };
}

export function timelineEntryJson({ atMs, ...entry }: TimelineEntry) {
  return { ...entry, at: instant(atMs) };
}

const verdictJson = <Judged extends { readonly atMs: number }>({ atMs, ...verdict }: Judged) => ({
  ...verdict,
  at: instant(atMs),
});

/** null as long as traces and logs were not asked. */
export function findingsJson(findings: Findings | undefined) {
  if (findings === undefined) return null;
  const { atMs, fromMs, untilMs, ...rest } = findings;
  return { ...rest, at: instant(atMs), from: instant(fromMs), until: instant(untilMs) };
}

export function similarIncidentJson({ startedAtMs, resolvedAtMs, ...similar }: SimilarIncident) {
  return { ...similar, startedAt: instant(startedAtMs), resolvedAt: instant(resolvedAtMs) };
}

export function actionRunJson({
  createdAtMs,
  dueAtMs,
  startedAtMs,
  endedAtMs,
  approvals,
  judged,
  ...run
}: ActionRun) {
  return {
    ...run,
    judged: judged ? verdictJson(judged) : null,
    approvals: approvals.map(({ atMs, ...approval }) => ({ ...approval, at: instant(atMs) })),
    createdAt: instant(createdAtMs),
    dueAt: instantOrNull(dueAtMs),
    startedAt: instantOrNull(startedAtMs),
    endedAt: instantOrNull(endedAtMs),
  };
}

/** `atMs` stays: the hash is over it. */
export function auditEntryJson(entry: AuditEntry) {
  return { ...entry, at: instant(entry.atMs) };
}
