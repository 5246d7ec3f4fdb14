import type { BackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { BackendError } from '@aiops-sre/service-kit/backends/backend-error.ts';
import { z } from 'zod';
import { parseTrace } from '../traces/parse-trace.ts';
import type { Trace } from '../traces/span.ts';
import type { TimeRange } from './time-range.ts';

const searchSchema = z.object({
  traces: z.array(z.object({ traceID: z.string() })).default([]),
});

export interface Tempo {
  /** Ids of the newest traces in the range that match the TraceQL query, at most `limit`. */
  search(traceql: string, range: TimeRange, limit: number): Promise<readonly string[]>;
  /** Undefined where Tempo does not have it. */
  trace(traceId: string): Promise<Trace | undefined>;
}

/** @see https://grafana.com/docs/tempo/latest/api_docs/ */
export function tempo(http: BackendClient): Tempo {
  return {
    async search(traceql, { fromSeconds, toSeconds }, limit) {
      const parameters = {
        q: `${traceql} with (most_recent = true)`,
        start: Math.floor(fromSeconds),
        end: Math.ceil(toSeconds),
        limit,
        spss: 1,
      };
      const { traces } = await http.json({ path: '/api/search', parameters }, searchSchema);
      // Zeroes at the front are left out in Tempo's answers.
      return traces.map(({ traceID }) => traceID.padStart(32, '0'));
    },
    async trace(traceId) {
      try {
        const body = await http.json({ path: `/api/v2/traces/${traceId}` }, z.unknown());
        const trace = parseTrace(traceId, body);
        return trace.spans.length > 0 ? trace : undefined;
      } catch (error) {
        if (error instanceof BackendError && error.status === 404) return undefined;
        throw error;
      }
    },
  };
}
