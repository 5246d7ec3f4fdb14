import type { MetricSource } from './prometheus-source.ts';

/** A request counter of one service whose labels tell failures, or a duration histogram of one service. */
export type Candidate = CounterCandidate | HistogramCandidate;

export interface CounterCandidate {
  readonly kind: 'counter';
  readonly service: string;
  readonly metric: string;
  /** Matchers that select the service. */
  readonly selector: string;
  /** One more matcher, which selects the failures. */
  readonly badMatcher: string;
}

export interface HistogramCandidate {
  readonly kind: 'histogram';
  readonly service: string;
  /** Name with `_bucket`. */
  readonly metric: string;
  readonly selector: string;
  /** Finite upper bounds in seconds, ascending. */
  readonly boundsSeconds: readonly number[];
}

const COUNTER =
  /(request|call|rpc|operation|job|message|document|order)s?(_count|_handled|_processed)?_total$/;
const HISTOGRAM =
  /(^|_)(http|rpc|grpc|request)(_server|_client)?(_request|_requests|_call)?_duration_seconds_bucket$/;
const SERVICE_LABELS = ['service', 'service_name', 'app', 'job'];
/** Labels that may tell how a request ended, and which of their values are failures. */
const OUTCOMES: readonly (readonly [label: string, bad: RegExp, matcher: string | undefined])[] = [
  ['status_class', /^5xx$/, undefined],
  ['http_response_status_code', /^5\d\d$/, '5..'],
  ['status_code', /^(5\d\d|STATUS_CODE_ERROR)$/, '5..|STATUS_CODE_ERROR'],
  ['code', /^5\d\d$/, '5..'],
  ['status', /^(5\d\d|5xx|error|failed|failure)$/, undefined],
  ['result', /^(error|failed|failure)$/, undefined],
  ['outcome', /^(error|failed|failure|SERVER_ERROR)$/, undefined],
  ['document_status', /^failed$/, undefined],
  ['grpc_code', /^(Unknown|Internal|Unavailable|DataLoss|DeadlineExceeded)$/, undefined],
];

/** Everything that an SLO could be made of, by name and labels alone. */
export async function findCandidates(source: MetricSource): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const metric of [...(await source.metricNames())].sort()) {
    const isHistogram = HISTOGRAM.test(metric);
    if (!isHistogram && !COUNTER.test(metric)) continue;
    for (const [service, group] of byService(await source.series(metric))) {
      const candidate = isHistogram ? histogram(metric, service, group) : counter(metric, service, group);
      if (candidate) found.push(candidate);
    }
  }
  return found;
}

interface ServiceSeries {
  readonly selector: string;
  readonly labelSets: readonly Readonly<Record<string, string>>[];
}

function byService(series: readonly Readonly<Record<string, string>>[]): Map<string, ServiceSeries> {
  const groups = new Map<string, { selector: string; labelSets: Readonly<Record<string, string>>[] }>();
  for (const labels of series) {
    const label = SERVICE_LABELS.find((name) => labels[name]);
    const value = label && labels[label];
    if (!label || !value) continue;
    const group = groups.get(value) ?? { selector: `${label}=${JSON.stringify(value)}`, labelSets: [] };
    group.labelSets.push(labels);
    groups.set(value, group);
  }
  return groups;
}

function counter(
  metric: string,
  service: string,
  { selector, labelSets }: ServiceSeries,
): CounterCandidate | undefined {
  for (const [label, bad, pattern] of OUTCOMES) {
    const values = new Set(labelSets.flatMap((labels) => labels[label] ?? []));
    const failing = [...values].filter((value) => bad.test(value)).sort();
    // Without a single good value the label does not tell failures from successes.
    if (failing.length === 0 || failing.length === values.size) continue;
    const badMatcher =
      pattern !== undefined && failing.every((value) => /^5\d\d$/.test(value))
        ? `${label}=~"5.."`
        : failing.length === 1
          ? `${label}=${JSON.stringify(failing[0])}`
          : `${label}=~${JSON.stringify(failing.join('|'))}`;
    return { kind: 'counter', service, metric, selector, badMatcher };
  }
  return undefined;
}

function histogram(
  metric: string,
  service: string,
  { selector, labelSets }: ServiceSeries,
): HistogramCandidate | undefined {
  const bounds = new Set(
    labelSets.map(({ le }) => Number(le)).filter((bound) => Number.isFinite(bound) && bound > 0),
  );
  if (bounds.size === 0) return undefined;
  return { kind: 'histogram', service, metric, selector, boundsSeconds: [...bounds].sort((a, b) => a - b) };
}
