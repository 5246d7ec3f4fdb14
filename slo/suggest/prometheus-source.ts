import { z } from 'zod';

/** What suggestions are learnt from. */
export interface MetricSource {
  /** Names of all metrics that have samples in the time learnt from. */
  metricNames(): Promise<readonly string[]>;
  /** Label sets of a metric's series. */
  series(metric: string): Promise<readonly Readonly<Record<string, string>>[]>;
  /** One value a day of an expression that yields one series; a day without a value is missing. */
  daily(expr: string): Promise<readonly number[]>;
}

const DAY_SECONDS = 86_400;
const SERIES_LIMIT = 5000;
const TIMEOUT_MS = 60_000;

const namesAnswer = z.object({ data: z.array(z.string()) });
const seriesAnswer = z.object({ data: z.array(z.record(z.string(), z.string())) });
const rangeAnswer = z.object({
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])) })),
  }),
});

/** A Prometheus over its HTTP API, read-only. @throws Error that says which address answered what */
export function prometheusSource(options: {
  readonly url: string;
  readonly nowSeconds: number;
  readonly days: number;
}): MetricSource {
  const { url, nowSeconds, days } = options;
  const span = { start: String(nowSeconds - days * DAY_SECONDS), end: String(nowSeconds) };
  async function get<T>(path: string, parameters: Record<string, string>, answer: z.ZodType<T>): Promise<T> {
    const address = `${url.replace(/\/+$/, '')}/api/v1/${path}`;
    let response: Response;
    try {
      response = await fetch(`${address}?${new URLSearchParams(parameters)}`, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (cause) {
      throw new Error(`${address} does not answer; --prometheus names another address`, { cause });
    }
    const text = await response.text();
    if (!response.ok) throw new Error(`${address} answered ${response.status}: ${text.slice(0, 300)}`);
    const parsed = answer.safeParse(JSON.parse(text));
    if (!parsed.success)
      throw new Error(`${address} answered something else than Prometheus does`, { cause: parsed.error });
    return parsed.data;
  }
  return {
    metricNames: async () => (await get('label/__name__/values', span, namesAnswer)).data,
    series: async (metric) =>
      (await get('series', { ...span, 'match[]': metric, limit: String(SERIES_LIMIT) }, seriesAnswer)).data,
    daily: async (expr) => {
      const start = String(nowSeconds - (days - 1) * DAY_SECONDS);
      const { data } = await get(
        'query_range',
        { query: expr, start, end: span.end, step: String(DAY_SECONDS) },
        rangeAnswer,
      );
      return (data.result[0]?.values ?? []).map(([, value]) => Number(value));
    },
  };
}
