import { ENTRY_CONDITION } from '../data-sources/entry-condition.ts';
import type { FoundSpan, Tempo } from '../data-sources/tempo.ts';
import { slices, type TimeRange } from '../data-sources/time-range.ts';
import { foundWeight } from '../traces/trace-weight.ts';
import { type Attribute, type Condition, traceqlName, traceqlOf } from './where.ts';

/** Requests of one value of an attribute. */
interface Group {
  /** Undefined: requests without the attribute. */
  readonly value: string | undefined;
  readonly requests: number;
  readonly failed: number;
  /** Within which 95 % were answered, failed ones included. */
  readonly p95Ms: number;
}

export interface Groups {
  readonly attribute: string;
  /** Those of which the largest share failed first. */
  readonly groups: readonly Group[];
  /** Whether all requests were read; else part of them, from all over the range. */
  readonly all: boolean;
}

/** So that a range of many requests is read from all over it. */
const SLICES = 12;
const TRACES_PER_SLICE = 1500;

/** The service's requests by the values of an attribute of their own spans. */
export async function groupsOf(options: {
  readonly tempo: Tempo;
  readonly service: string;
  readonly range: TimeRange;
  readonly by: Attribute;
  readonly where: readonly Condition[];
}): Promise<Groups> {
  const { tempo, service, range, by, where } = options;
  const query = `{ resource.service.name = ${JSON.stringify(service)} && ${ENTRY_CONDITION}${traceqlOf(where)} } | select(status, ${traceqlName(by)}, ${foundWeight.select})`;
  const found = await Promise.all(
    slices(range, SLICES).map((slice) => tempo.spans(query, slice, TRACES_PER_SLICE)),
  );
  const once = new Map(found.flatMap(({ spans }) => spans.map((span) => [span.id, span] as const)));
  const byValue = Map.groupBy(once.values(), ({ attributes }) => attributes[by.name]);
  const groups = [...byValue].map(([value, spans]): Group => {
    const weighted = spans.map((span) => ({ ...span, weight: foundWeight.of(span) }));
    return {
      value,
      requests: total(weighted),
      failed: total(weighted.filter(({ attributes }) => attributes.status === 'error')),
      p95Ms: quantile95(weighted),
    };
  });
  return {
    attribute: by.name,
    groups: groups.toSorted(
      (one, other) =>
        other.failed / other.requests - one.failed / one.requests || other.requests - one.requests,
    ),
    all: found.every(({ all }) => all),
  };
}

type Weighted = FoundSpan & { readonly weight: number };

const total = (spans: readonly Weighted[]) => spans.reduce((sum, { weight }) => sum + weight, 0);

/** The nearest rank: the shortest duration within which at least 95 % of the weight is. */
function quantile95(spans: readonly Weighted[]): number {
  const enough = 0.95 * total(spans);
  let reached = 0;
  for (const { durationMs, weight } of spans.toSorted((one, other) => one.durationMs - other.durationMs)) {
    reached += weight;
    if (reached >= enough - 1e-9) return durationMs;
  }
  return 0;
}
