import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { SERIES } from '@aiops-sre/conventions/slo-series.ts';

const RANGE = '$__range';
const judged = 'verdict=~"right|wrong"';
const sum = (series: string, by = '') => `sum${by && ` by (${by})`} (${series})`;
/** Counters begin with the first of their kind: what is not there is none. */
const orZero = (expression: string) => `(${expression}) or vector(0)`;
const share = (part: string, whole: string) => `(${part}) / (${whole} > 0)`;

/** 0..1; nothing before the first verdict. */
export const rootAccuracy = share(
  sum(`${METRICS.rootVerdicts}{verdict="right"}`),
  sum(`${METRICS.rootVerdicts}{${judged}}`),
);
export const falseAlarms = sum(`${METRICS.rootVerdicts}{verdict="false-alarm"}`);
/** By the confidence from which on was claimed. */
export const rightOfClaimed = share(
  sum(`${METRICS.rootVerdicts}{verdict="right"}`, 'claimed'),
  sum(`${METRICS.rootVerdicts}{${judged}}`, 'claimed'),
);
export const judgedOfClaimed = `${sum(`${METRICS.rootVerdicts}{${judged}}`, 'claimed')} > 0`;

export const medianTime = (stage: string) => `max(${METRICS.incidentTime}{stage="${stage}",quantile="0.5"})`;
export const times = `max by (stage, quantile) (${METRICS.incidentTime}{quantile=~"0.5|0.9"})`;

export const autoHealed = share(`max(${METRICS.autoHealedIncidents})`, `max(${METRICS.resolvedIncidents})`);
export const wrongActs = sum(`${METRICS.actionVerdicts}{verdict="wrong"}`);
export const takenBack = orZero(
  sum(`increase(${METRICS.actionRuns}{outcome=~"rolled-back|rollback-failed"}[${RANGE}])`),
);
export const runsByOutcome = sum(`increase(${METRICS.actionRuns}[$__interval])`, 'outcome');

export const pages = orZero(
  sum(`increase(${METRICS.responderNotifications}{receiver="page",status="firing"}[${RANGE}])`),
);
export const alertsAnIncident = share(
  sum(`increase(${METRICS.incidentAlerts}[${RANGE}])`),
  sum(`increase(${METRICS.incidents}[${RANGE}])`),
);
export const incidentsBySeverity = sum(`increase(${METRICS.incidents}[$__interval])`, 'severity');
export const notificationsByReceiver = `${sum(`increase(${METRICS.responderNotifications}{status="firing",receiver!="watchdog"}[$__interval])`, 'receiver')} > 0`;
export const postmortems = share(`max(${METRICS.postmortems})`, `max(${METRICS.resolvedIncidents})`);

const traced = `group by (service) (label_replace(${METRICS.serviceCalls}, "service", "$1", "service_name", "(.+)"))`;
const withSlo = `group by (service) (${SERIES.objective})`;
const called = ['client', 'server'].map(
  (end) =>
    `group by (service) (label_replace(${METRICS.serviceGraphRequests}, "service", "$1", "${end}", "(.+)"))`,
);
const known = [traced, withSlo, ...called].join(' or ');
export const tracingCoverage = share(`count(${traced})`, `count(${known})`);
export const sloCoverage = share(`count(${withSlo})`, `count(${known})`);

/** Dollars a day, and tokens. */
export const modelCost = orZero(sum(METRICS.analysisCost));
export const modelTokens = orZero(sum(`increase(${METRICS.tokenUsage}[$__interval])`));
