import { parser } from '@prometheus-io/lezer-promql';
import {
  edited,
  foreignPlaceholder,
  fromParseable,
  hasWindowPlaceholder,
  parseable,
  syntaxError,
  WINDOW_PLACEHOLDER,
  WINDOW_SECONDS_PLACEHOLDER,
  withoutComments,
} from './promql.ts';
import type { Reading } from './reading.ts';
import type { MetricSelector } from './selectors.ts';
import { topShape } from './shape.ts';
import { RATE_EXAMPLE, refuse } from './shape-error.ts';

/** A query as the rules can use it: events a second over the window. */
export interface EventRate {
  readonly query: string;
  readonly selectors: readonly MetricSelector[];
  /** Labels that it keeps; empty for one series. */
  readonly groupBy: readonly string[];
  /** Why telemetry for it can not be made up; undefined for rates of one selector, at most summed. */
  readonly notPlain: string | undefined;
  /** What was rewritten, in words. */
  readonly notes: readonly string[];
}

export interface EventRateOptions {
  /** Whether a selector alone, without a function, may be taken for a counter. */
  readonly isCounter: boolean;
  /** Labels to keep; sums without a clause of their own get one. */
  readonly groupBy?: readonly string[] | undefined;
  /** A label that sums may name but that is not kept: `le` of a histogram's buckets. */
  readonly ignoredLabel?: string;
}

/**
 * Understands a query by what wraps its selectors. Units are followed through it: rates of counters, counts of samples over
 * the window (which become rates), shares of one in the other. @throws ShapeError for every other shape
 */
export function readEventRate(query: string, options: EventRateOptions): EventRate {
  const foreign = foreignPlaceholder(withoutComments(query));
  if (foreign !== undefined) refuse(foreign, `${WINDOW_PLACEHOLDER}, for which each window is put in`);
  const error = syntaxError(query);
  if (error)
    refuse(
      `a query that does not parse at character ${error.offset + 1}${error.near ? ` near ${JSON.stringify(error.near)}` : ''}`,
      `PromQL such as ${RATE_EXAMPLE}`,
    );
  const source = withoutComments(query);
  if (source === '') refuse('nothing but a comment', `PromQL such as ${RATE_EXAMPLE}`);
  const text = parseable(source);
  const reading: Reading = {
    text,
    hasWindow: hasWindowPlaceholder(source),
    isCounter: options.isCounter,
    groupBy: options.groupBy,
    ignoredLabel: options.ignoredLabel,
    edits: [],
    notes: [],
    selectors: [],
    notPlain: [],
  };
  const shape = topShape(parser.parse(text).topNode.firstChild!, reading);
  if (reading.selectors.length === 0) refuse('a query without a metric', RATE_EXAMPLE);
  const rewritten = fromParseable(edited(text, reading.edits));
  if (reading.selectors.length > 1) reading.notPlain.push(`it has ${reading.selectors.length} selectors`);
  const common = { selectors: reading.selectors, notPlain: reading.notPlain[0], notes: reading.notes };
  const groupBy = shape.by ?? options.groupBy ?? [];
  switch (shape.kind) {
    case 'rate':
      return { ...common, groupBy, query: rewritten };
    case 'count':
      return {
        ...common,
        groupBy,
        query: `${/^\w+ ?(by \([^()]*\) ?)?\(/.test(rewritten) ? rewritten : `(${rewritten})`} / ${WINDOW_SECONDS_PLACEHOLDER}`,
      };
    case 'share':
      return refuse(
        'a share, where events are to be counted',
        `counts of their own for good or bad, and total: ${RATE_EXAMPLE}`,
      );
    case 'mean':
      return refuse('an average over series, which counts no events', RATE_EXAMPLE);
    case 'number':
      return refuse('a number without a metric', RATE_EXAMPLE);
    case 'sample':
      return refuse(
        `${JSON.stringify(rewritten)} without a rate`,
        `${RATE_EXAMPLE} of a counter; of a gauge, sum(sum_over_time(up[${WINDOW_PLACEHOLDER}])) and count_over_time`,
      );
  }
}
