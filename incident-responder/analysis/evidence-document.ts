import type { Findings, RequestFinding } from '../findings/findings.ts';
import type { Incident, IncidentAlert, TimelineEntry } from '../incidents/incident.ts';
import { redact } from './redact.ts';

const MAX_EVIDENCE_CHARACTERS = 12_000;
const MAX_ALERTS = 20;
const MAX_TIMELINE = 30;
const MAX_HYPOTHESES = 5;
/** Labels that say what an alert is about; others may hold anything. */
const LABELS = ['alertname', 'severity', 'service', 'slo', 'rule', 'route', 'window'];

/** What a model is told of an incident: JSON, redacted, 12,000 characters at most; hypotheses are numbered from 0. */
export function evidenceDocument(
  incident: Incident,
  alerts: readonly IncidentAlert[],
  timeline: readonly TimelineEntry[],
  findings?: Findings | undefined,
  logNotes: readonly string[] = [],
): string {
  const since = (ms: number) => Math.round((ms - incident.startedAtMs) / 1000);
  const document = {
    incident: {
      title: redact(incident.title, 200),
      severity: incident.severity,
      services: incident.services.slice(0, 20).map((service) => redact(service, 60)),
      alerts: incident.alertCount,
    },
    hypotheses: incident.hypotheses
      .slice(0, MAX_HYPOTHESES)
      .map(({ summary, confidence, reasons }, number) => ({
        number,
        summary: redact(summary, 200),
        confidence: Number(confidence.toFixed(2)),
        reasons: reasons.slice(0, 8).map(({ text, weight }) => ({ text: redact(text, 200), weight })),
      })),
    alerts: alerts.slice(0, MAX_ALERTS).map(({ labels, annotations, status, role, startsAtMs }) => ({
      ...Object.fromEntries(
        LABELS.flatMap((name) => (labels[name] === undefined ? [] : [[name, redact(labels[name], 80)]])),
      ),
      summary: redact(annotations.summary ?? '', 200),
      status,
      role,
      secondsAfterStart: since(startsAtMs),
    })),
    ...(findings && {
      findings: {
        failing: requestsTold(findings.failing),
        slow: requestsTold(findings.slow),
        logTemplates: findings.templates.map(({ service, level, template, change, lines }) => ({
          service: redact(service, 60),
          ...{ level, template: redact(template, 200), change, lines },
        })),
        missing: findings.missing.map((each) => redact(each, 120)),
      },
    }),
    // Of a model that read the lines, so data like these.
    logNotes: [...logNotes],
    timeline: timeline
      .slice(0, MAX_TIMELINE)
      .map(({ atMs, kind, text }) => ({ secondsAfterStart: since(atMs), kind, text: redact(text, 160) })),
  };
  // What matters least goes first.
  for (const list of [
    document.timeline,
    document.logNotes,
    document.alerts,
    document.hypotheses,
  ] as unknown[][])
    while (JSON.stringify(document).length > MAX_EVIDENCE_CHARACTERS && list.length > 1) list.pop();
  return JSON.stringify(document);
}

/** What failing, or slow, requests have in common, where they fail first and where their time goes. */
const requestsTold = (finding: RequestFinding | null) =>
  finding && {
    counted: finding.counted,
    inCommon: finding.inCommon.map(({ service, attribute, value, shareOfBad, shareOfRest }) => ({
      what: redact(`${service}: ${attribute} = ${value}`, 200),
      ...{ shareOfBad, shareOfRest },
    })),
    firstErrors: finding.firstErrors.map(({ service, operation, error }) =>
      redact(`${service}: ${operation}: ${error}`, 200),
    ),
    timeSpent: finding.timeSpent.map(({ place, share }) => ({ place: redact(place, 100), share })),
    patterns: finding.patterns.map((pattern) => redact(pattern, 160)),
  };

/** Number of hypotheses that {@link evidenceDocument} numbers at most. */
export const hypothesesTold = (incident: Pick<Incident, 'hypotheses'>) =>
  Math.min(MAX_HYPOTHESES, incident.hypotheses.length);
