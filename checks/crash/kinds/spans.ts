import { randomBytes } from 'node:crypto';
import type { Kind, Stack } from '../kind.ts';
import { nowNano, pushOtlp } from '../otlp-push.ts';

const SPANS_A_TRACE = 20;

/** Spans that the Collector acknowledged, looked for in Tempo. Ids are `TRACE/SPAN`. */
export function spans(stack: Stack): Kind {
  return {
    name: 'spans',
    writesPerSecond: 10,
    async write(signal) {
      const traceId = randomBytes(16).toString('hex');
      const at = nowNano();
      const written = Array.from({ length: SPANS_A_TRACE }, () => ({
        traceId,
        spanId: randomBytes(8).toString('hex'),
        name: 'kept',
        kind: 2,
        startTimeUnixNano: at,
        endTimeUnixNano: at,
      }));
      const acknowledged = await pushOtlp(stack, signal, '/v1/traces', { spans: written });
      return acknowledged ? written.map(({ spanId }) => `${traceId}/${spanId}`) : [];
    },
    async missing(ids) {
      const byTrace = Map.groupBy(ids, (id) => id.slice(0, id.indexOf('/')));
      const absent: string[] = [];
      for (const [traceId, members] of byTrace) {
        const there = new Set(
          (await stack.spans(traceId)).map(
            // Tempo's JSON has ids in base64.
            ({ spanId }) => `${traceId}/${Buffer.from(spanId, 'base64').toString('hex')}`,
          ),
        );
        absent.push(...members.filter((id) => !there.has(id)));
      }
      return absent;
    },
  };
}
