import axios from 'axios';
import { z } from 'zod';

const sampleSchema = z.object({
  metric: z.record(z.string(), z.string()),
  value: z.tuple([z.number(), z.string()]),
});
const vectorSchema = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.literal('vector'), result: z.array(sampleSchema) }),
});
const alertSchema = z.object({
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  state: z.enum(['firing', 'pending', 'inactive']),
  activeAt: z.string(),
});
const alertsSchema = z.object({ data: z.object({ alerts: z.array(alertSchema) }) });
const targetSchema = z.object({
  labels: z.record(z.string(), z.string()),
  scrapeUrl: z.string(),
  lastError: z.string(),
  health: z.enum(['up', 'down', 'unknown']),
});
const targetsSchema = z.object({ data: z.object({ activeTargets: z.array(targetSchema) }) });

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
export type PrometheusAlert = z.infer<typeof alertSchema>;
export type ScrapeTarget = z.infer<typeof targetSchema>;

/** Prometheus writes infinities as Go does. */
const numberOf = (text: string) => Number(text.replace('Inf', 'Infinity'));

/** The few calls of Prometheus' HTTP API that the stack makes. @see https://prometheus.io/docs/prometheus/latest/querying/api/ */
export class PrometheusApi {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Instant query whose result is a vector. */
  async query(query: string): Promise<readonly Sample[]> {
    const { result } = vectorSchema.parse(await this.#get('/api/v1/query', { query })).data;
    return result.map(({ metric, value }) => ({ labels: metric, value: numberOf(value[1]) }));
  }

  /** The single value of a query; undefined where it is empty. */
  async value(query: string): Promise<number | undefined> {
    return (await this.query(query))[0]?.value;
  }

  async alerts(): Promise<readonly PrometheusAlert[]> {
    return alertsSchema.parse(await this.#get('/api/v1/alerts', {})).data.alerts;
  }

  async targets(): Promise<readonly ScrapeTarget[]> {
    return targetsSchema.parse(await this.#get('/api/v1/targets', { state: 'active' })).data.activeTargets;
  }

  async #get(path: string, params: Record<string, string>): Promise<unknown> {
    const response = await axios.get(`${this.#url}${path}`, { params, timeout: 10_000, proxy: false });
    return response.data;
  }
}
