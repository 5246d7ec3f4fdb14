import { METRICS } from '../metric-names.ts';
import { ENTRY_SPANS } from '../semantic-attributes.ts';

/** A service by the label that every query here answers with. */
export const SERVICE = 'service_name';
export const FAILED = 'status_code="STATUS_CODE_ERROR"';

/** Which services: label matchers, without braces; empty for all. */
export type ServiceScope = string;
export const EVERY: ServiceScope = '';

const matchers = (...parts: readonly string[]) => parts.filter(Boolean).join(',');

/** Requests a second, messages included, one series a counter. */
export const requestRates = (scope: ServiceScope, window: string, more = '') =>
  `rate(${METRICS.serviceCalls}{${matchers(ENTRY_SPANS, scope, more)}}[${window}])`;

/** Requests a second that services answer, messages included, by labels. */
export const requestRate = (scope: ServiceScope, window: string, by = SERVICE) =>
  `sum by (${by}) (${requestRates(scope, window)})`;

/** Share of them that failed, 0..1: 0 where none did, absent without requests. */
export const requestFailedShare = (scope: ServiceScope, window: string, by = SERVICE) =>
  `(sum by (${by}) (${requestRates(scope, window, FAILED)}) or 0 * ${requestRate(scope, window, by)}) / (${requestRate(scope, window, by)} > 0)`;

/** Seconds in which a share of them was answered. */
export const requestsAnsweredWithin = (scope: ServiceScope, window: string, quantile: number, by = SERVICE) =>
  `histogram_quantile(${quantile}, sum by (${by}, le) (rate(${METRICS.serviceDuration}_bucket{${matchers(ENTRY_SPANS, scope)}}[${window}]))) >= 0`;
