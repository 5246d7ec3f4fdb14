import { createHash } from 'node:crypto';
import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { durationInWords } from '../rules/duration.ts';
import type { Rule } from '../rules/rule.ts';
import type { Episode } from '../watch/episode.ts';
import { type Labels, seriesKey } from '../watch/series-key.ts';
import type { WatchedSeries } from '../watch/watched-series.ts';
import type { Alert } from './alert.ts';

/** Where the pages linked from alerts live. */
export type Links = { readonly runbookBaseUrl: string; readonly dashboardBaseUrl: string };

/** Identity of an anomaly: the same in every detector and after every restart. 16 hex digits. */
export function anomalyId(rule: Rule, labels: Labels, startsAtSeconds: number): string {
  return createHash('sha256')
    .update(`${rule.name}${seriesKey(labels)}@${startsAtSeconds}`)
    .digest('hex')
    .slice(0, 16);
}

/** Labels of the alert on a series: the same from its start to its end, whatever its values do. */
export function identityLabels(rule: Rule, labels: Labels, alertname: string, severity: string) {
  return {
    ...labels,
    alertname,
    severity,
    service: labels.service ?? rule.service ?? 'unknown',
    slo: 'none',
    rule: rule.name,
  };
}

/** The alert on one episode of a series. */
export function anomalyAlert(rule: Rule, series: WatchedSeries, episode: Episode, links: Links): Alert {
  return {
    labels: identityLabels(rule, series.labels, ALERTS.anomaly, rule.severity),
    annotations: {
      summary: summary(rule, series, episode),
      description: description(rule, series, episode),
      runbook_url: joined(links.runbookBaseUrl, rule.runbook),
      dashboard_url: joined(links.dashboardBaseUrl, rule.dashboard),
      anomaly_id: anomalyId(rule, series.labels, episode.startsAtSeconds),
      anomaly_severity: episode.severity,
      anomaly_direction: episode.direction,
    },
    startsAtSeconds: episode.startsAtSeconds,
    endedAtSeconds: episode.endedAtSeconds,
  };
}

function summary(rule: Rule, _series: WatchedSeries, episode: Episode): string {
  if (episode.direction === 'missing') return `${rule.title} has vanished`;
  return `${rule.title} is ${episode.direction === 'above' ? 'higher' : 'lower'} than expected`;
}

function description(rule: Rule, series: WatchedSeries, episode: Episode): string {
  const { peak } = episode;
  if (peak === undefined)
    return `No sample since ${new Date(series.lastSeenSeconds * 1000).toISOString()}, while Prometheus takes in others.`;
  return `Seen ${peak.value} ${rule.unit}, expected ${peak.expected} (${peak.lower} to ${peak.upper}), lasting ${durationInWords(series.lastMomentSeconds - episode.startsAtSeconds)}.`;
}

export function joined(base: string, path: string): string {
  return path === '' ? base : `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}
