import axios, { type AxiosInstance, isAxiosError } from 'axios';
import { ZodError } from 'zod';
import type { BackendLogin } from '../backend-login.ts';
import { createQuerySlots } from './query-slots.ts';
import { failureOf, parseRangeAnswer, type RangeAnswer } from './range-answer.ts';

/** Label `kind` of the detector's error counter. */
export const QUERY_FAILURES = ['timeout', 'unreachable', 'rejected', 'server_error', 'bad_answer'] as const;
export type QueryFailure = (typeof QUERY_FAILURES)[number];

/** A query that brought no usable answer. `kind` says whose fault it is: `rejected` is the query's own (4xx). */
export class QueryError extends Error {
  override name = 'QueryError';
  readonly kind: QueryFailure;
  constructor(kind: QueryFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

export type RangeQuery = {
  readonly query: string;
  /** Unix seconds, inclusive. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly stepSeconds: number;
};

export type PrometheusClient = {
  /** Rejects with a {@link QueryError}, or with the abort reason of `signal`. */
  queryRange(query: RangeQuery, signal?: AbortSignal): Promise<RangeAnswer>;
};

/** Far above 10,000 series of a few samples or a backfill's chunk, far below what would hurt the process. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Queries at once: rules that share a step come due in the same moment, and each answer takes memory. */
const CONCURRENT_QUERIES = 2;

/** A client of Prometheus' HTTP API, or of anything that speaks it (Mimir, Thanos). */
export function createPrometheusClient(options: {
  url: string;
  timeoutMs: number;
  login?: BackendLogin | undefined;
}): PrometheusClient {
  const http = axios.create({
    baseURL: options.url.replace(/\/+$/, ''),
    timeout: options.timeoutMs,
    maxContentLength: MAX_ANSWER_BYTES,
    maxRedirects: 0,
    proxy: false,
    ...(options.login && { auth: options.login }),
    responseType: 'text',
    // axios parses JSON leniently by default and would hand an HTML page on as a string.
    transformResponse: [(body: unknown) => body],
  });
  const inSlot = createQuerySlots(CONCURRENT_QUERIES);
  return {
    queryRange: (query, signal) => inSlot(() => queryRange(http, query, options.timeoutMs, signal)),
  };
}

async function queryRange(
  http: AxiosInstance,
  { query, startSeconds, endSeconds, stepSeconds }: RangeQuery,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<RangeAnswer> {
  // POST: a query may be longer than a URL may be. axios' own timeout does not cover a connect that hangs.
  const deadline = AbortSignal.timeout(timeoutMs);
  const form = new URLSearchParams({
    query,
    start: String(startSeconds),
    end: String(endSeconds),
    step: String(stepSeconds),
    timeout: `${Math.ceil(timeoutMs / 1000)}s`,
  });
  try {
    const { data } = await http.post<string>('/api/v1/query_range', form, {
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    return parseRangeAnswer(JSON.parse(data));
  } catch (cause) {
    signal?.throwIfAborted();
    throw toQueryError(cause, deadline.aborted, timeoutMs);
  }
}

function toQueryError(cause: unknown, timedOut: boolean, timeoutMs: number): QueryError {
  if (cause instanceof ZodError || cause instanceof SyntaxError)
    return new QueryError('bad_answer', `not an answer of Prometheus' API: ${firstProblem(cause)}`, {
      cause,
    });
  if (timedOut || (isAxiosError(cause) && (cause.code === 'ECONNABORTED' || cause.code === 'ETIMEDOUT')))
    return new QueryError('timeout', `no answer within ${timeoutMs} ms`, { cause });
  if (!isAxiosError(cause)) return new QueryError('bad_answer', (cause as Error).message, { cause });
  if (cause.response === undefined) {
    const kind = cause.code === 'ERR_BAD_RESPONSE' ? 'bad_answer' : 'unreachable';
    return new QueryError(kind, cause.message || (cause.code ?? 'no connection'), { cause });
  }
  const { status, data } = cause.response;
  const detail = failureOf(parsedOrUndefined(data));
  const message = `HTTP ${status}${detail ? `, ${detail}` : ''}`;
  return new QueryError(
    status >= 400 && status < 500 && status !== 429 ? 'rejected' : 'server_error',
    message,
    {
      cause,
    },
  );
}

function firstProblem(cause: ZodError | SyntaxError): string {
  if (cause instanceof SyntaxError) return cause.message;
  const issue = cause.issues[0];
  return issue ? `${issue.path.join('.') || 'body'}: ${issue.message}` : 'unexpected shape';
}

function parsedOrUndefined(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}
