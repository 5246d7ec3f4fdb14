import type { Tempo } from '@aiops-sre/investigation/data-sources/tempo.ts';
import { slices } from '@aiops-sre/investigation/data-sources/time-range.ts';
import { databaseOf, type Span, type Trace } from '@aiops-sre/investigation/traces/span.ts';
import type { Edge } from './service-graph.ts';

/** Bounds of what is read: from all over the hour, so that its end does not speak for all of it. */
const BACK_SECONDS = 3600;
const SLICES = 4;
const TRACES_A_SLICE = 5;
const LINKED_TRACES = 20;

const SEARCHES = ['{ kind = consumer }', '{ kind = client && span.db.system.name != nil }'];

/**
 * Calls that metrics of pairs of spans miss: a message that lay in its queue for longer than the Collector waits for the other
 * half, one whose sender is only linked, and databases, which send no spans.
 */
export async function tracedEdges(
  tempo: Pick<Tempo, 'search' | 'trace'>,
  nowSeconds: number,
): Promise<readonly Edge[]> {
  const range = { fromSeconds: nowSeconds - BACK_SECONDS, toSeconds: nowSeconds };
  const found = await Promise.all(
    SEARCHES.flatMap((search) =>
      slices(range, SLICES).map((slice) => tempo.search(search, slice, TRACES_A_SLICE)),
    ),
  );
  const read = async (ids: readonly string[]) =>
    (await Promise.all(ids.map((id) => tempo.trace(id)))).filter((trace) => trace !== undefined);
  const ids = [...new Set(found.flat())];
  const traces = await read(ids);
  const links = traces.flatMap(({ spans }) =>
    spans.flatMap((span) => (isTaken(span) ? (span.links ?? []) : [])),
  );
  const elsewhere = [...new Set(links.map(({ traceId }) => traceId))].filter((id) => !ids.includes(id));
  const linked = await read(elsewhere.slice(0, LINKED_TRACES));
  const senders = new Map([...traces, ...linked].map((trace) => [trace.traceId, spansById(trace)]));
  const edges = traces.flatMap((trace) => edgesOf(trace, senders));
  return [...new Map(edges.map((edge) => [JSON.stringify(edge), edge])).values()];
}

type SpansById = ReadonlyMap<string, Span>;
const spansById = ({ spans }: Trace): SpansById => new Map(spans.map((span) => [span.spanId, span]));
const isTaken = ({ kind }: Span) => kind === 'consumer';

function edgesOf({ traceId, spans }: Trace, senders: ReadonlyMap<string, SpansById>): Edge[] {
  return spans.flatMap((span) => {
    const { service, parentSpanId, links = [] } = span;
    const database = databaseOf(span);
    if (database !== undefined) return [{ client: service, server: database }];
    if (!isTaken(span)) return [];
    return [{ traceId, spanId: parentSpanId }, ...links].flatMap((sender) => {
      const client = senders.get(sender.traceId)?.get(sender.spanId)?.service;
      return client === undefined || client === service ? [] : [{ client, server: service }];
    });
  });
}
