import { randomBytes } from 'node:crypto';
import { nowNano } from '../../crash/otlp-push.ts';
import type { Engine } from '../engine.ts';
import { asTenant, http, TENANT } from '../http.ts';
import type { NativeServices } from '../native-services.ts';
import { attributes } from '../otlp-samples.ts';

/** Requests that add to the same trace: each is looked up by its id. */
const SPANS_A_TRACE = 100;
const LOOKED_UP_AT_ONCE = 4;

interface Batch {
  readonly scopeSpans: readonly { readonly spans: readonly { readonly spanId: string }[] }[];
}

async function spanIds(
  services: NativeServices,
  traceId: string,
  { tenant = TENANT, signal }: { tenant?: string; signal?: AbortSignal } = {},
): Promise<ReadonlySet<string>> {
  const { status, data } = await http.get(`${services.url('tempo', 3200)}/api/traces/${traceId}`, {
    headers: asTenant(tenant),
    ...(signal && { signal }),
  });
  if (status === 404) return new Set();
  if (status !== 200) throw new Error(`Tempo: ${status} ${JSON.stringify(data).slice(0, 300)}`);
  const batches: readonly Batch[] = data.batches ?? [];
  return new Set(
    batches.flatMap(({ scopeSpans }) =>
      // Tempo's JSON has ids in base64.
      scopeSpans.flatMap(({ spans }) =>
        spans.map(({ spanId }) => Buffer.from(spanId, 'base64').toString('hex')),
      ),
    ),
  );
}

/** The trace that is looked for while spans are written. */
let known = '';

/** Spans, one a push, so many of them to a trace. */
export const tempo: Engine = {
  name: 'Tempo',
  services: [
    ['seaweedfs'],
    ['tempo-ingester-1', 'tempo-ingester-2', 'tempo-ingester-3', 'tempo'],
    ['tempo-distributor', 'tempo-querier', 'tempo-compactor'],
  ],
  killed: 'tempo-ingester-2',
  kind(services, requestsPerSecond) {
    let written = 0;
    let traceId = '';
    return {
      name: 'spans',
      writesPerSecond: requestsPerSecond,
      async write(signal) {
        if (written % SPANS_A_TRACE === 0) traceId = randomBytes(16).toString('hex');
        written += 1;
        const trace = traceId;
        const spanId = randomBytes(8).toString('hex');
        const at = nowNano();
        const span = {
          traceId: trace,
          spanId,
          name: 'kept',
          kind: 2,
          startTimeUnixNano: at,
          endTimeUnixNano: at,
        };
        const { status, data } = await http.post(
          `${services.url('tempo-distributor', 4327)}/v1/traces`,
          {
            resourceSpans: [
              {
                resource: { attributes: attributes({ 'service.name': 'scale-test' }) },
                scopeSpans: [{ spans: [span] }],
              },
            ],
          },
          { headers: asTenant(TENANT), signal },
        );
        if (status !== 200 || Object.keys(data.partialSuccess ?? {}).length > 0) return [];
        known = trace;
        return [`${trace}/${spanId}`];
      },
      async missing(ids) {
        const byTrace = [...Map.groupBy(ids, (id) => id.slice(0, id.indexOf('/')))];
        const absent: string[] = [];
        const worker = async () => {
          for (let next = byTrace.pop(); next; next = byTrace.pop()) {
            const [trace, members] = next;
            const there = await spanIds(services, trace);
            absent.push(...members.filter((id) => !there.has(id.slice(id.indexOf('/') + 1))));
          }
        };
        await Promise.all(Array.from({ length: LOOKED_UP_AT_ONCE }, worker));
        return absent;
      },
    };
  },
  seenBy: async (services, tenant) => (await spanIds(services, known, { tenant })).size,
  async ask(services, signal) {
    if ((await spanIds(services, known, { signal })).size === 0) throw new Error(`Tempo: no trace ${known}`);
  },
};
