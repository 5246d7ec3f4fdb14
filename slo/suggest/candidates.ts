import { CONVENTIONAL_METRICS, type ConventionalMetric, kindMatcher } from './conventional-metrics.ts';
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
  /** Pushed, and ends when nothing happens: no series is no outage. */
  readonly endsWhenIdle: boolean;
}

export interface HistogramCandidate {
  readonly kind: 'histogram';
  readonly service: string;
  /** Name with `_bucket`. */
  readonly metric: string;
  readonly selector: string;
  /** Finite upper bounds in the metric's own unit, ascending. */
  readonly bounds: readonly number[];
  readonly unitsASecond: 1 | 1000;
  readonly endsWhenIdle: boolean;
}

const COUNTER =
  /(request|call|rpc|operation|job|message|document|order)s?(_count|_handled|_processed)?_total$/;
/** What a service asks of others, as `http_client_request_duration_seconds`, says nothing of how it answers. */
const HISTOGRAM =
  /(^|_)(?<!client_)(http|rpc|grpc|request)(_server)?(_request|_requests|_call)?_duration_seconds_bucket$/;
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

/** Names whose series are spans of all kinds, or of routes: `traces_services` counts the same. */
const LEFT_TO_CONVENTIONS = /^traces_/;

/**
 * Everything that an SLO could be made of, by name and labels alone. Of what is told by convention the best of a service
 * only, and none where scraped counters or histograms of that service say the same.
 */
export async function findCandidates(source: MetricSource): Promise<Candidate[]> {
  const names = await source.metricNames();
  const scraped = await scrapedCandidates(source, names);
  const found = [...scraped];
  for (const conventional of CONVENTIONAL_METRICS)
    for (const candidate of await conventionalCandidates(source, names, conventional))
      if (!found.some(({ kind, service }) => kind === candidate.kind && service === candidate.service))
        found.push(candidate);
  return found;
}

async function scrapedCandidates(source: MetricSource, names: readonly string[]): Promise<Candidate[]> {
  const known = new Set(CONVENTIONAL_METRICS.flatMap(({ counter, histogram }) => [counter, histogram]));
  const found: Candidate[] = [];
  for (const metric of [...names].sort()) {
    if (known.has(metric) || LEFT_TO_CONVENTIONS.test(metric)) continue;
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
    // What came over OTLP has its namespace, or `otlp`, before the slash.
    const service = label === 'job' ? value.slice(value.indexOf('/') + 1) : value;
    const group = groups.get(service) ?? { selector: matcher(label, [value]), labelSets: [] };
    group.labelSets.push(labels);
    groups.set(service, group);
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
    return { kind: 'counter', service, metric, selector, badMatcher, endsWhenIdle: false };
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
  return {
    kind: 'histogram',
    service,
    metric,
    selector,
    bounds: [...bounds].sort((a, b) => a - b),
    unitsASecond: 1,
    endsWhenIdle: false,
  };
}

/** Counter and histogram of each service that tells them. */
async function conventionalCandidates(
  source: MetricSource,
  names: readonly string[],
  { counter: counted, bad, histogram: timed, unitsASecond, ofSpans }: ConventionalMetric,
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const metric of [counted, timed].filter((name) => names.includes(name))) {
    const services = new Map<string, Readonly<Record<string, string>>[]>();
    for (const labels of await source.series(metric)) {
      const service = toldService(labels);
      if (service !== undefined) services.set(service, [...(services.get(service) ?? []), labels]);
    }
    for (const [service, labelSets] of services) {
      const kinds = new Set(labelSets.flatMap(({ span_kind: kind }) => kind ?? []));
      const matchers = [whose(labelSets), ...(ofSpans ? [kindMatcher(kinds)] : [])].join(',');
      if (metric === counted)
        found.push({
          kind: 'counter',
          service,
          metric,
          selector: matchers,
          badMatcher: bad,
          endsWhenIdle: true,
        });
      else {
        const candidate = histogram(metric, service, { selector: matchers, labelSets });
        if (candidate) found.push({ ...candidate, unitsASecond, endsWhenIdle: true });
      }
    }
  }
  return found;
}

/** `service.name` of a series that came over OTLP: a label of its own, or what is behind the slash of its job. */
function toldService({ service_name: name, service, job }: Readonly<Record<string, string>>) {
  if (service) return service;
  return name || job?.slice(job.indexOf('/') + 1) || undefined;
}

/** Matchers of the jobs that the series are of. */
const whose = (labelSets: readonly Readonly<Record<string, string>>[]): string =>
  matcher('job', [...new Set(labelSets.map(({ job = '' }) => job))].sort());

/** What other tools put their values in place of: as part of a name it must not look like that. */
const PLACEHOLDER_LIKE = /\{\{|\$/;

/** A matcher of one of these values, whatever is in them. */
function matcher(label: string, values: readonly string[]): string {
  const [only = ''] = values;
  if (values.length === 1 && !PLACEHOLDER_LIKE.test(only)) return `${label}=${JSON.stringify(only)}`;
  const literally = values.map((value) =>
    value.replace(/[\\^.*+?()[\]|]/g, '\\$&').replace(/[{}$]/g, '[$&]'),
  );
  return `${label}=~${JSON.stringify(literally.join('|'))}`;
}
