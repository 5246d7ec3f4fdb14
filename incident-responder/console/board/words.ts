import { STATE } from '@aiops-sre/conventions/queries/slo.ts';
import { roughDuration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import { type Html, html } from '../html.ts';
import type { ServiceTone } from '../pictures/service-map.ts';
import type { BoardAnomaly, BoardService, BoardSlo } from './board.ts';
import { latestOf } from './board.ts';

const STATES: Readonly<Record<number, readonly [tone: ServiceTone | 'busy', words: string]>> = {
  [STATE.onTrack]: ['good', 'on track'],
  [STATE.budgetLow]: ['attention', 'budget low'],
  [STATE.recovering]: ['busy', 'recovering'],
  [STATE.burning]: ['attention', 'burning'],
  [STATE.ticket]: ['attention', 'ticket'],
  [STATE.page]: ['bad', 'page'],
};

export function stateBadgeOf(state: number | null): Html {
  const [tone, words] = (state === null ? undefined : STATES[state]) ?? ['plain', 'no SLO'];
  return html`<span class="badge ${tone}">${words}</span>`;
}

const FAILING = 0.01;

/** How a service is: by its SLOs, else by what it fails. */
export function toneOfService({ state, failed, anomalies }: BoardService): ServiceTone {
  if (state === STATE.page) return 'bad';
  if ((state ?? 0) >= STATE.burning || anomalies > 0) return 'attention';
  if (state === null && (latestOf(failed) ?? 0) > FAILING) return 'attention';
  return state === null ? 'plain' : 'good';
}

export const percent = (share: number, digits = 1): string => `${Number((share * 100).toFixed(digits))} %`;
/** With as many nines as an objective has. */
export const objectivePercent = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;

export function rateText(perSecond: number): string {
  return `${Number(perSecond.toPrecision(perSecond < 1 ? 2 : 3))} /s`;
}

export const secondsText = (seconds: number): string =>
  seconds < 1 ? `${Number((seconds * 1000).toPrecision(3))} ms` : `${Number(seconds.toPrecision(3))} s`;

export function budgetText({ budgetLeft }: BoardSlo): string {
  if (budgetLeft === null) return 'not known yet';
  return budgetLeft <= 0 ? `none, overspent by ${percent(-budgetLeft)}` : percent(budgetLeft);
}

/** Nobody plans by what is further away. */
const PLANNED_SECONDS = 365 * 86_400;

export function forecastText({ budgetLeft, exhaustionSeconds }: BoardSlo): string {
  if (budgetLeft === null) return '';
  if (budgetLeft <= 0) return 'exhausted';
  return exhaustionSeconds === null || exhaustionSeconds > PLANNED_SECONDS
    ? 'lasts its period'
    : `spent in ${roughDuration(exhaustionSeconds)} at this rate`;
}

export const sloAddress = ({ name, service }: Pick<BoardSlo, 'name' | 'service'>): string =>
  `/slos/${encodeURIComponent(name)}?service=${encodeURIComponent(service)}`;
export const serviceAddress = (name: string): string => `/services/${encodeURIComponent(name)}`;

export function anomalyAddress({ rule, service, labels }: BoardAnomaly): string {
  const query = new URLSearchParams({ ...(service !== '' && { service }), ...labels });
  return `/anomalies/${encodeURIComponent(rule)}?${query}`;
}

/** `storefront requests: method GET, route /api/products`. */
export function anomalyName({
  rule,
  service,
  labels,
}: Pick<BoardAnomaly, 'rule' | 'service' | 'labels'>): string {
  const named = rule.replaceAll('_', ' ');
  const about = Object.entries(labels).map(([name, value]) => `${name} ${value}`);
  return [
    // The rule's name mostly begins with the service's.
    service !== '' && !rule.startsWith(service) ? `${service} ${named}` : named,
    ...(about.length === 0 ? [] : [about.join(', ')]),
  ].join(': ');
}
