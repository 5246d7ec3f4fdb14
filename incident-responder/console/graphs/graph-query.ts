import type { Labels } from '@aiops-sre/service-kit/prometheus/samples.ts';
import { SPANS_HOURS, type SpanHours } from './service-graphs.ts';

type Query = Readonly<Record<string, unknown>>;

const MOST_LABELS = 8;
const LONGEST_VALUE = 300;

/** One of the spans that there are; what nobody offers is the shortest. */
export function readSpan({ hours }: Query): SpanHours {
  return SPANS_HOURS.find((each) => String(each) === hours) ?? SPANS_HOURS[0];
}

/** Labels of a watched series from a page's address. What cannot be one is left out. */
export function seriesLabels({ hours: _hours, rule: _rule, ...query }: Query): Labels {
  return Object.fromEntries(
    Object.entries(query)
      .filter(
        (entry): entry is [string, string] =>
          /^[a-zA-Z][a-zA-Z0-9_]{0,99}$/.test(entry[0]) &&
          typeof entry[1] === 'string' &&
          entry[1].length <= LONGEST_VALUE,
      )
      .slice(0, MOST_LABELS),
  );
}
