import { randomBytes } from 'node:crypto';
import { nowNano } from '../../crash/otlp-push.ts';
import type { Engine } from '../engine.ts';
import { asTenant, http } from '../http.ts';
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
  { tenant, signal }: { tenant: string; signal?: AbortSignal },
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

/**
 * Spans over OTLP/HTTP, one a push, so many of them to a trace; Tempo is asked for all of them.
 *
 * @param options.to service and port that they are pushed to
 * @param options.tenant whose they are in Tempo
 * @param options.seenWithinMs what a question asks for is so old at least
 */
export function spans(options: {
  readonly name: string;
  readonly services: Engine['services'];
  readonly killed: string;
  readonly to: readonly [string, number];
  readonly tenant: string;
  readonly seenWithinMs: number;
}): Engine {
  const { name, killed, tenant } = options;
  const traces: { readonly traceId: string; readonly atMs: number }[] = [];
  return {
    name,
    services: options.services,
    killed,
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
            `${services.url(...options.to)}/v1/traces`,
            {
              resourceSpans: [
                {
                  resource: { attributes: attributes({ 'service.name': 'scale-test' }) },
                  scopeSpans: [{ spans: [span] }],
                },
              ],
            },
            { headers: asTenant(tenant), signal },
          );
          if (status !== 200 || Object.keys(data.partialSuccess ?? {}).length > 0) return [];
          if (traces.at(-1)?.traceId !== trace) traces.push({ traceId: trace, atMs: performance.now() });
          return [`${trace}/${spanId}`];
        },
        async missing(ids) {
          const byTrace = [...Map.groupBy(ids, (id) => id.slice(0, id.indexOf('/')))];
          const absent: string[] = [];
          const worker = async () => {
            for (let next = byTrace.pop(); next; next = byTrace.pop()) {
              const [trace, members] = next;
              const there = await spanIds(services, trace, { tenant });
              absent.push(...members.filter((id) => !there.has(id.slice(id.indexOf('/') + 1))));
            }
          };
          await Promise.all(Array.from({ length: LOOKED_UP_AT_ONCE }, worker));
          return absent;
        },
      };
    },
    async seenBy(services, asked) {
      const last = traces.at(-1);
      return last ? (await spanIds(services, last.traceId, { tenant: asked })).size : 0;
    },
    async ask(services, signal) {
      const writtenMs = performance.now() - options.seenWithinMs;
      const last = traces.findLast(({ atMs }) => atMs <= writtenMs);
      if (last && (await spanIds(services, last.traceId, { tenant, signal })).size === 0)
        throw new Error(`Tempo: no trace ${last.traceId}`);
    },
  };
}
