import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { APIRequestContext } from 'playwright-core';
import { z } from 'zod';
import { DATA_SOURCES } from '../src/data-sources.ts';

/** A time in which requests of the storefront failed, and the time range in which somebody looks at it. */
export interface Incident {
  /** Of the last minute in which requests failed. */
  readonly atMs: number;
  /** As in an address: relative or in milliseconds since 1970. */
  readonly range: { readonly from: string; readonly to: string };
}

export interface Age {
  readonly name: string;
  readonly oldestMinutes: number;
  readonly newestMinutes: number;
  range(atMs: number): Incident['range'];
}

const MINUTE_MS = 60_000;

/** How old an incident is whose every hop has to work. */
export const AGES: readonly Age[] = [
  {
    name: 'five minutes ago',
    oldestMinutes: 30,
    newestMinutes: 0,
    range: () => ({ from: 'now-1h', to: 'now' }),
  },
  {
    name: 'an hour ago',
    oldestMinutes: 150,
    newestMinutes: 45,
    range: (atMs) => ({ from: `${atMs - 20 * MINUTE_MS}`, to: `${atMs}` }),
  },
];

const STEP_SECONDS = 15;
const FAILING_RATIO = 0.05;
const FAILURES = `sum(rate(${METRICS.httpRequests}{service="storefront",status_class="5xx"}[1m])) / sum(rate(${METRICS.httpRequests}{service="storefront"}[1m])) > ${FAILING_RATIO}`;

const matrix = z.object({
  data: z.object({ result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])) })) }),
});

/** The last incident of that age, by way of Grafana's data source. @returns undefined where there was none. */
export async function findIncident(
  request: APIRequestContext,
  grafanaUrl: string,
  age: Age,
): Promise<Incident | undefined> {
  const nowMs = Date.now();
  const response = await request.get(
    `${grafanaUrl}/api/datasources/proxy/uid/${DATA_SOURCES.prometheus.uid}/api/v1/query_range`,
    {
      params: {
        query: FAILURES,
        start: (nowMs - age.oldestMinutes * MINUTE_MS) / 1000,
        end: (nowMs - age.newestMinutes * MINUTE_MS) / 1000,
        step: STEP_SECONDS,
      },
    },
  );
  const { data } = matrix.parse(await response.json());
  const last = data.result[0]?.values.at(-1);
  if (!last) return undefined;
  const atMs = last[0] * 1000;
  return { atMs, range: age.range(atMs) };
}
