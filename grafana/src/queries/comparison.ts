import { METRICS } from '@aiops-sre/conventions/metric-names.ts';

/** Which requests of a service are compared with the rest: those that failed, or those slower than a bound of the histogram. */
export type Bad = 'failing' | { readonly slowerThanSeconds: number };

const RANGE = '$__range';
/** What the Collector's span metrics tell requests apart by, in words and as labels. */
const DIMENSIONS: readonly (readonly [attribute: string, ...labels: string[]])[] = [
  ['route', 'http_request_method', 'http_route'],
  ['instance', 'instance'],
  ['version', 'service_version'],
  ['feature flag', 'feature_flag_key', 'feature_flag_result_variant'],
];

const increase = (metric: string, service: string, more = '') =>
  `increase(${metric}{service_name="${service}",span_kind="SPAN_KIND_SERVER"${more && `,${more}`}}[${RANGE}])`;

/** Sums of a group's requests in the time range, by a dimension or of all; every request counts, also those not sampled. */
function groups(service: string, bad: Bad) {
  const sum = (expression: string, by: string) => `sum${by && ` by (${by})`} (${expression})`;
  if (bad === 'failing') {
    const all = (by: string, more = '') => sum(increase(METRICS.spanCalls, service, more), by);
    const failed = (by: string, more = '') =>
      sum(
        increase(
          METRICS.spanCalls,
          service,
          ['status_code="STATUS_CODE_ERROR"', more].filter(Boolean).join(','),
        ),
        by,
      );
    return {
      bad: failed,
      rest: (by: string, more?: string) =>
        `(${all(by, more)} - (${failed(by, more)} or 0 * ${all(by, more)}))`,
    };
  }
  const bound = `le="${bad.slowerThanSeconds}"`;
  const within = (by: string, more = '') =>
    sum(increase(`${METRICS.spanDuration}_bucket`, service, [bound, more].filter(Boolean).join(',')), by);
  const all = (by: string, more = '') => sum(increase(`${METRICS.spanDuration}_count`, service, more), by);
  return { bad: (by: string, more?: string) => `(${all(by, more)} - ${within(by, more)})`, rest: within };
}

/** One sample for each value of each dimension {attribute, value}: its share of the whole group, 0..1. */
function shares(group: (by: string, more?: string) => string): string {
  const each = DIMENSIONS.map(([attribute, ...labels]) => {
    const counted = group(labels.join(', '), labels.map((label) => `${label}!=""`).join(','));
    const separator = attribute === 'feature flag' ? ' = ' : ' ';
    const value = `label_join(${counted}, "value", "${separator}", ${labels.map((label) => `"${label}"`).join(', ')})`;
    return `sum by (attribute, value) (label_replace(${value}, "attribute", "${attribute}", "", ""))`;
  });
  return `((${each.join(' or ')}) / scalar(${group('')} > 0))`;
}

/** Shares of the bad requests and of the rest that have an attribute's value, and what the first is above the second. */
export function comparison(service: string, bad: Bad) {
  const { bad: badGroup, rest } = groups(service, bad);
  // What no bad request has explains none; a fraction of a request is the extrapolation of an increase.
  const ofBad = `(${shares(badGroup)} > 0.005 and on () (${badGroup('')} > 0.5))`;
  const ofRest = shares(rest);
  return {
    ofBad,
    ofRest: `(${ofRest} and ${ofBad})`,
    difference: `(${ofBad} - (${ofRest} or 0 * ${ofBad}))`,
  };
}
