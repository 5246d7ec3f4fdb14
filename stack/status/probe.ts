import { randomBytes } from 'node:crypto';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import {
  PROBE_KEY_HEADER,
  PROBE_TRACESTATE,
  servedInTrace,
  TRACE_RESPONSE_HEADER,
} from '@aiops-sre/conventions/probe.ts';
import { endpoint } from '@aiops-sre/service-kit/platform/ports.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import axios, { type AxiosInstance } from 'axios';
import { z } from 'zod';
import type { Settings } from '../settings.ts';

const traceSchema = z.object({
  batches: z
    .array(
      z.object({
        resource: z.object({
          attributes: z.array(
            z.object({ key: z.string(), value: z.object({ stringValue: z.string().optional() }) }),
          ),
        }),
      }),
    )
    .default([]),
});

/** Seconds from the request until it was seen. */
export interface ProbeResult {
  readonly traceId: string;
  readonly inTempoSeconds: number;
  readonly inPrometheusSeconds: number;
}

/** Where the request is sent, and where it is looked for; without a slash at the end. */
export interface ProbedUrls {
  readonly storefront: string;
  readonly prometheus: string;
  readonly tempo: string;
}

/** Those of a stack on this host. */
export const probedUrls = (settings: Pick<Settings, 'ports'>): ProbedUrls => ({
  storefront: endpoint(settings, 'storefront'),
  prometheus: endpoint(settings, 'prometheus'),
  tempo: endpoint(settings, 'tempo'),
});

const PROBED_SERVICES = ['storefront', 'identity', 'fulfillment'];
const PROBED_SERIES = `sum(${METRICS.httpRequests}{service="storefront",route="/api/documents",status_class="2xx"})`;

async function servicesOfTrace(http: AxiosInstance, tempo: string, traceId: string): Promise<string[]> {
  const response = await http.get(`${tempo}/api/traces/${traceId}`);
  if (response.status !== 200) return [];
  const { batches } = traceSchema.parse(response.data);
  return batches.flatMap(({ resource }) =>
    resource.attributes.flatMap(({ key, value }) =>
      key === 'service.name' ? [value.stringValue ?? ''] : [],
    ),
  );
}

const probeHeaders = (probeKey: string) => ({
  traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
  tracestate: `${PROBE_TRACESTATE.key}=${PROBE_TRACESTATE.value}`,
  [PROBE_KEY_HEADER]: probeKey,
});

/** The storefront's own count, from the process itself: what Prometheus must show once it has scraped the request. */
async function countAtSource(http: AxiosInstance, storefront: string): Promise<number> {
  const response = await http.get(`${storefront}/metrics`);
  const lines = String(response.data).split('\n');
  return lines
    .filter((line) => line.startsWith(`${METRICS.httpRequests}{`))
    .filter((line) => line.includes('route="/api/documents"') && line.includes('status_class="2xx"'))
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/**
 * The whole way once: posts a document to the storefront and waits until that very trace is in Tempo with spans of
 * all three services, and until that request is counted in Prometheus.
 *
 * @throws Error naming what had not arrived after `timeoutMs`.
 */
export async function probe(options: {
  readonly urls: ProbedUrls;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Nothing else sends requests: the count must be exactly this request's; otherwise at least. */
  readonly exact: boolean;
  /** With it the request's trace is kept even where traces are sampled. */
  readonly probeKey?: string;
}): Promise<ProbeResult> {
  const { urls, timeoutMs, signal, probeKey } = options;
  const http = axios.create({ timeout: 5_000, proxy: false, validateStatus: () => true, signal });
  const { storefront } = urls;
  const prometheus = createPrometheusClient({ url: urls.prometheus, timeoutMs: 5_000 });
  const startedMs = Date.now();
  const response = await http.post(
    `${storefront}/api/documents`,
    { kind: 'invoice' },
    { headers: probeKey === undefined ? {} : probeHeaders(probeKey) },
  );
  if (response.status >= 300) {
    throw new Error(
      `POST ${storefront}/api/documents: expected 2xx, got ${response.status} ${JSON.stringify(response.data)}`,
    );
  }
  const traceId = servedInTrace(response.headers[TRACE_RESPONSE_HEADER]);
  if (traceId === undefined)
    throw new Error(
      `POST ${storefront}/api/documents: expected a header ${TRACE_RESPONSE_HEADER} with the request's trace, got ${response.headers[TRACE_RESPONSE_HEADER]}`,
    );
  const wanted = await countAtSource(http, storefront);

  let inTempoSeconds: number | undefined;
  let inPrometheusSeconds: number | undefined;
  const elapsed = () => (Date.now() - startedMs) / 1000;
  while (elapsed() * 1000 < timeoutMs) {
    signal.throwIfAborted();
    const [services, counted] = await Promise.all([
      inTempoSeconds === undefined ? servicesOfTrace(http, urls.tempo, traceId) : PROBED_SERVICES,
      inPrometheusSeconds === undefined
        ? prometheus.value(PROBED_SERIES, signal).catch(() => undefined)
        : undefined,
    ]);
    if (PROBED_SERVICES.every((service) => services.includes(service))) inTempoSeconds ??= elapsed();
    if (counted !== undefined && (options.exact ? counted === wanted : counted >= wanted))
      inPrometheusSeconds ??= elapsed();
    if (inTempoSeconds !== undefined && inPrometheusSeconds !== undefined) {
      return { traceId, inTempoSeconds, inPrometheusSeconds };
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const missing = [
    ...(inTempoSeconds === undefined ? [`trace ${traceId} in Tempo`] : []),
    ...(inPrometheusSeconds === undefined
      ? [`the request's count in Prometheus (${PROBED_SERIES} = ${wanted})`]
      : []),
  ];
  throw new Error(
    `a request was sent, but after ${timeoutMs / 1000} s there is no ${missing.join(' and no ')}`,
  );
}
