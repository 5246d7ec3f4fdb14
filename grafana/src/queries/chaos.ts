import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { CHAOS_REPORT, SERVICE_NAMESPACE } from '@aiops-sre/conventions/services.ts';

const JOB = `job="${SERVICE_NAMESPACE}/${CHAOS_REPORT}"`;

/** A report is sent once: what was last said of the chosen programme within the time shown. */
const said = (metric: string, by: string, matchers = '') =>
  `max by (${by}) (last_over_time(${metric}{${JOB},programme="$programme"${matchers && `,${matchers}`}}[$__range]))`;
const whole = (metric: string) => said(metric, '');

/** Of which the programmes to choose from are. */
export const programmes = `${METRICS.chaosExperiments}{${JOB}}`;
export const experiments = whole(METRICS.chaosExperiments);
export const quietHours = whole(METRICS.chaosQuietHours);
export const falseIncidents = whole(METRICS.chaosFalseIncidents);
export const budgetSpent = whole(METRICS.chaosBudgetSpent);
export const faultsPlayed = `sum(${said(METRICS.chaosFaultCount, 'fault', 'what="played"')})`;

/** 1 or 0 by goal, of those that were played. */
const met = said(METRICS.chaosGoalMet, 'goal');
/** How many goals are met, and not. */
export const goalsMet = `sum(${met})`;
export const goalsMissed = `count(${met}) - sum(${met})`;
/** By goal, of those that the figure is of: shares and times have a table each. */
export const metOf = (figure: string) => `${met} and on (goal) ${figure}`;

export type ShareFigure = 'got' | 'goal' | 'least' | 'most';
export const share = (figure: ShareFigure) => said(METRICS.chaosGoalShare, 'goal', `figure="${figure}"`);
export const time = (figure: 'got' | 'goal') => said(METRICS.chaosGoalTime, 'goal', `figure="${figure}"`);
export const goalEvents = (what: 'played' | 'never', of: string) =>
  `${said(METRICS.chaosGoalEvents, 'goal', `what="${what}"`)} and on (goal) ${of}`;

export const faultCount = (what: string) => said(METRICS.chaosFaultCount, 'fault', `what="${what}"`);
export const faultTime = (until: string) => said(METRICS.chaosFaultTime, 'fault', `until="${until}"`);
export const faultAlerts = said(METRICS.chaosFaultAlerts, 'fault');

/** By the confidence from which on was claimed; those that no root claimed are left out. */
export const roots = `${said(METRICS.chaosRoots, 'claimed')} > 0`;
export const rightShare = `${said(METRICS.chaosRightRoots, 'claimed')} / (${roots})`;
export const confidence = said(METRICS.chaosConfidence, 'claimed');
