import { z } from 'zod';

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

const number = z
  .string()
  .transform((text) => (/^[+-]?Inf$/.test(text) ? Number(`${text}inity`) : Number(text)));
const sampleSchema = z.tuple([z.number(), number]);
const vectorSchema = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: sampleSchema })),
  }),
});
const matrixSchema = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.array(sampleSchema) })),
  }),
});

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly { readonly atSeconds: number; readonly value: number }[];
}

export interface PrometheusClient {
  /** An instant query for a vector. Rejects with an Error fit for a log: unreachable, refused, or not a vector. */
  query(query: string, signal?: AbortSignal): Promise<Sample[]>;
  queryRange(
    query: string,
    range: { readonly startMs: number; readonly endMs: number; readonly stepSeconds: number },
    signal?: AbortSignal,
  ): Promise<Series[]>;
}

/** A client of Prometheus' HTTP API, or of anything that speaks it. */
export function createPrometheusClient(options: {
  readonly url: string;
  readonly timeoutMs: number;
  /** Value of that header. */
  readonly authorization?: string | undefined;
}): PrometheusClient {
  const base = options.url.replace(/\/+$/, '');

  async function post(
    path: string,
    form: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const deadline = AbortSignal.timeout(options.timeoutMs);
    // POST: a query may be longer than a URL may be.
    const response = await fetch(base + path, {
      method: 'POST',
      headers: { ...(options.authorization && { authorization: options.authorization }) },
      body: new URLSearchParams({ ...form, timeout: `${Math.ceil(options.timeoutMs / 1000)}s` }),
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    const text = await boundedText(response, MAX_ANSWER_BYTES);
    if (!response.ok) throw new Error(`HTTP ${response.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  }

  const ask = async <T>(
    path: string,
    form: Record<string, string>,
    schema: z.ZodType<T>,
    signal?: AbortSignal,
  ) => {
    try {
      return schema.parse(await post(path, form, signal));
    } catch (cause) {
      throw new Error(`Prometheus at ${base}: ${reasonOf(cause)}`, { cause });
    }
  };

  return {
    async query(query, signal) {
      const answer = await ask('/api/v1/query', { query }, vectorSchema, signal);
      return answer.data.result.map(({ metric, value }) => ({ labels: metric, value: value[1] }));
    },
    async queryRange(query, { startMs, endMs, stepSeconds }, signal) {
      const form = {
        query,
        start: String(startMs / 1000),
        end: String(endMs / 1000),
        step: String(stepSeconds),
      };
      const answer = await ask('/api/v1/query_range', form, matrixSchema, signal);
      return answer.data.result.map(({ metric, values }) => ({
        labels: metric,
        points: values.map(([atSeconds, value]) => ({ atSeconds, value })),
      }));
    },
  };
}

/** @throws Error if the body is longer than `maxBytes`. */
export async function boundedText(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`answer: expected at most ${maxBytes} bytes, got more`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** fetch says what happened in the cause of what it throws. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && message === 'fetch failed' ? `${message}: ${cause.message}` : message;
}
