import { createHash } from 'node:crypto';
import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import type { Explanation } from '../explain/explanation.ts';
import { guidanceOf } from '../explain/guidance.ts';
import type { Movement, Subject } from '../explain/movement.ts';
import { descriptionOf, summaryOf } from '../explain/sentences.ts';
import type { Rule } from '../rules/rule.ts';
import { type Labels, seriesKey } from '../watch/series-key.ts';
import type { Alert } from './alert.ts';
import { serviceOf } from './coverage.ts';

/** Where the pages linked from alerts live. */
export type Links = { readonly runbookBaseUrl: string; readonly dashboardBaseUrl: string };

/** What alerts are written with, beside the subject itself. */
export type AlertContext = {
  readonly links: Links;
  readonly timeZone: string;
  /** Of all subjects, for an hour or more back: what moved together is part of an explanation. */
  readonly movements: readonly Movement[];
};

/** Identity of an anomaly: the same in every detector and after every restart. 16 hex digits. */
export function anomalyId(rule: Rule, labels: Labels, startsAtSeconds: number): string {
  return createHash('sha256')
    .update(`${rule.name}${seriesKey(labels)}@${startsAtSeconds}`)
    .digest('hex')
    .slice(0, 16);
}

/** Labels of an alert on the subject: the same from its start to its end, whatever its values do. */
export function identityLabels(subject: Subject, alertname: string, severity: string) {
  const { rule, series } = subject;
  return { ...series.labels, alertname, severity, service: serviceOf(subject), slo: 'none', rule: rule.name };
}

/** Annotations that link the pages a person opens next. */
export function linkAnnotations(
  subject: Subject,
  alertname: string,
  { runbookBaseUrl, dashboardBaseUrl }: Links,
) {
  const { rule } = subject;
  const dashboard = rule.dashboard.replaceAll('$service', encodeURIComponent(serviceOf(subject)));
  return {
    runbook_url: joined(runbookBaseUrl, rule.runbook ?? `${alertname}.md`),
    dashboard_url: joined(dashboardBaseUrl, dashboard),
  };
}

/** The alert on one episode of a series, in the words of its explanation. */
export function anomalyAlert(
  { subject, episode }: Movement,
  explanation: Explanation,
  { links }: Pick<AlertContext, 'links'>,
): Alert {
  const { rule, series } = subject;
  const { lookFirst, suggestedActions } = guidanceOf(rule);
  return {
    labels: identityLabels(subject, ALERTS.anomaly, rule.severity),
    annotations: {
      summary: summaryOf(explanation),
      description: descriptionOf(explanation),
      ...(lookFirst === '' ? {} : { look_first: lookFirst }),
      ...(suggestedActions === '' ? {} : { suggested_actions: suggestedActions }),
      ...linkAnnotations(subject, ALERTS.anomaly, links),
      anomaly_id: anomalyId(rule, series.labels, episode.startsAtSeconds),
      anomaly_severity: episode.severity,
      anomaly_direction: episode.direction,
    },
    startsAtSeconds: episode.startsAtSeconds,
    endedAtSeconds: episode.endedAtSeconds,
  };
}

function joined(base: string, path: string): string {
  return path === '' ? base : `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}
