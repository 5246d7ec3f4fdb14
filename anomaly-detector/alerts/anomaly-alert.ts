import { createHash } from 'node:crypto';
import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { explain } from '../explain/explanation.ts';
import type { Movement, Subject } from '../explain/movement.ts';
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
export function linkAnnotations(rule: Rule, alertname: string, { runbookBaseUrl, dashboardBaseUrl }: Links) {
  return {
    runbook_url: joined(runbookBaseUrl, rule.runbook ?? `${alertname}.md`),
    dashboard_url: joined(dashboardBaseUrl, rule.dashboard),
  };
}

/** The alert on one episode of a series. */
export function anomalyAlert({ subject, episode }: Movement, context: AlertContext): Alert {
  const { rule, series } = subject;
  const words = explain(subject, episode, context);
  return {
    labels: identityLabels(subject, ALERTS.anomaly, rule.severity),
    annotations: {
      summary: words.summary,
      description: words.description,
      ...(words.lookFirst === '' ? {} : { look_first: words.lookFirst }),
      ...(words.suggestedActions === '' ? {} : { suggested_actions: words.suggestedActions }),
      ...linkAnnotations(rule, ALERTS.anomaly, context.links),
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
