import type { Observation } from './observation.ts';

/** What counts as a request, by METRICS.serviceCalls. */
const REQUEST_KINDS = ['SPAN_KIND_SERVER', 'SPAN_KIND_CONSUMER', 'SPAN_KIND_UNSPECIFIED'];
/** A sender of that many names of spans has most likely ids in them. */
const MANY_NAMES = 200;
/** As many names that differ in a number or a hash alone are one that changes at each start. */
const CHANGING_NAMES = 3;

/** What is well to know of a service whose telemetry arrives. `last` is the newest observation, `first` the one before all. */
export function remarks(service: string, first: Observation, last: Observation): readonly string[] {
  const found: string[] = [];
  const { prometheus } = last;
  const spans = prometheus?.spans;
  // A kind that has just come counts 0: the Collector begins there.
  if (spans && !REQUEST_KINDS.some((kind) => kind in spans.byKind))
    found.push(
      `None of its spans is of the kind SERVER or CONSUMER (${Object.keys(spans.byKind).join(', ').replaceAll('SPAN_KIND_', '')}): requests can't be told from what they consist of. Start spans of requests with their kind.`,
    );
  if (spans?.byKind.SPAN_KIND_UNSPECIFIED)
    found.push(
      'It has spans without a kind. Each counts as a request: start them with kind SERVER or INTERNAL.',
    );
  if (spans && spans.names > MANY_NAMES)
    found.push(
      `Its spans have ${spans.names} names: there are ids in them. Names of routes (/users/:id) keep them few; beyond the bounds of docs/telemetry.md they are counted together.`,
    );
  if (prometheus?.overflow)
    found.push(
      'It has so many routes that those beyond the bound are counted together (otel_metric_overflow).',
    );
  const beyond =
    first.collector && last.collector ? last.collector.beyondBounds - first.collector.beyondBounds : 0;
  if (beyond > 0)
    found.push(
      `${beyond} data points were left out meanwhile, as a sender has more series than one may have (CardinalityLimitReached).`,
    );
  const { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: share } = last.process ?? {};
  if (sampler?.includes('ratio') && share !== undefined && Number(share) < 1)
    found.push(
      `It samples (${sampler}, ${share}): spans, and what is counted of them, are that share of its requests. Nothing has to be sampled here.`,
    );
  const stem = stemOf(service);
  const family = (prometheus?.senders ?? []).filter((name) => stemOf(name) === stem);
  if (stem !== service && family.length >= CHANGING_NAMES)
    found.push(
      `${family.length} names differ in a number alone (${family.slice(0, 3).join(', ')}): give it one name, and tell instances apart by service.instance.id.`,
    );
  return found;
}

/** A name without what changes: numbers, hashes and UUIDs at its end. */
const stemOf = (name: string) => name.replace(/([-_.:]([\da-f]*\d[\da-f]*))+$/i, '-*');
