import type { Agent } from 'node:https';
import axios, { isAxiosError } from 'axios';
import pLimit from 'p-limit';
import pRetry from 'p-retry';
import { ZodError, type z } from 'zod';
import { BackendError, type BackendFailure } from './backend-error.ts';
import type { BackendLogin } from './backend-login.ts';

export interface BackendOptions {
  /** What it is, for messages: `Tempo`. */
  readonly name: string;
  readonly url: string;
  /** From the call until the whole answer is there, the connect included. */
  readonly timeoutMs: number;
  /** Larger answers are refused: none may take the process down. Default: 16 MiB. */
  readonly maxAnswerBytes?: number | undefined;
  /** Requests at once; the others wait in line, and their time begins when it is their turn. Default: no limit. */
  readonly concurrency?: number | undefined;
  /**
   * How often a request is sent at most where no answer comes, or one that blames the component (429, 5xx); each attempt has the
   * time limit to itself. For who only reads. Default: once.
   */
  readonly attempts?: number | undefined;
  readonly login?: BackendLogin | undefined;
  /** For authorities of one's own. */
  readonly httpsAgent?: Agent | undefined;
}

/** A list is sent as the same name several times; undefined is left out. */
export type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export interface BackendRequest {
  /** Default: POST with a form or a body, else GET. */
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly parameters?: Parameters;
  readonly form?: Parameters;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** Both reject with a {@link BackendError}, or with the abort reason of the request's signal. */
export interface BackendClient {
  readonly url: string;
  /** The JSON of the answer, held against the schema. */
  json<T>(request: BackendRequest, schema: z.ZodType<T>): Promise<T>;
  text(request: BackendRequest): Promise<string>;
}

const DEFAULT_MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** Another time these may go well. */
const PASSING: readonly BackendFailure[] = ['timeout', 'unreachable', 'server_error'];
const FIRST_PAUSE_MS = 500;

/** A client of one component's HTTP API: no redirects, no proxy of the environment, and an end to time and size. */
export function createBackendClient(options: BackendOptions): BackendClient {
  const { name, timeoutMs, attempts = 1, login, httpsAgent } = options;
  const url = options.url.replace(/\/+$/, '');
  const http = axios.create({
    baseURL: url,
    maxContentLength: options.maxAnswerBytes ?? DEFAULT_MAX_ANSWER_BYTES,
    maxRedirects: 0,
    proxy: false,
    ...(login && { auth: login }),
    ...(httpsAgent && { httpsAgent }),
    responseType: 'text',
    // axios parses JSON leniently by default and would hand an HTML page on as a string.
    transformResponse: [(text: unknown) => text],
  });
  const inTurn = pLimit(options.concurrency ?? Number.POSITIVE_INFINITY);
  const whereOf = ({ path }: BackendRequest) => `${name} at ${url}${path}`;

  function send(request: BackendRequest): Promise<string> {
    return pRetry(() => sendOnce(request), {
      retries: attempts - 1,
      minTimeout: FIRST_PAUSE_MS,
      ...(request.signal && { signal: request.signal }),
      shouldRetry: ({ error }) => error instanceof BackendError && PASSING.includes(error.kind),
    });
  }

  async function sendOnce(request: BackendRequest): Promise<string> {
    const { method, path, parameters, form, body, signal } = request;
    signal?.throwIfAborted();
    // axios' own timeout does not cover a connect that hangs.
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      const { data } = await http.request<string>({
        method: method ?? (form || body ? 'POST' : 'GET'),
        url: path,
        params: parameters && searchParams(parameters),
        data: form ? searchParams(form) : body,
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      });
      return data;
    } catch (cause) {
      signal?.throwIfAborted();
      throw deadline.aborted
        ? new BackendError('timeout', `${whereOf(request)}: no answer within ${timeoutMs} ms`)
        : transportError(whereOf(request), cause);
    }
  }

  return {
    url,
    text: (request) => inTurn(() => send(request)),
    // Parsed while it is still its turn: what an answer takes in memory is mostly what it is parsed to.
    json: (request, schema) =>
      inTurn(async () => {
        const text = await send(request);
        try {
          return schema.parse(JSON.parse(text));
        } catch (cause) {
          throw new BackendError('bad_answer', `${whereOf(request)}: ${unexpected(cause, text)}`, { cause });
        }
      }),
  };
}

function searchParams(parameters: Parameters): URLSearchParams {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => [name, String(one)] as [string, string]),
  );
  return new URLSearchParams(pairs);
}

/** The cause of axios' error rather than itself, which holds the request with its password. */
function transportError(where: string, error: unknown): BackendError {
  if (!isAxiosError<string>(error))
    return new BackendError('bad_answer', `${where}: ${(error as Error).message}`, { cause: error });
  const { response, code, message, cause } = error;
  if (response === undefined) {
    // Cut off in the middle or longer than allowed, against no connection.
    const kind = code === 'ERR_BAD_RESPONSE' ? 'bad_answer' : 'unreachable';
    return new BackendError(kind, `${where}: ${message || (code ?? 'no connection')}`, { cause });
  }
  const { status } = response;
  const detail = detailOf(response.data);
  return new BackendError(
    status >= 400 && status < 500 && status !== 429 ? 'rejected' : 'server_error',
    `${where}: HTTP ${status}${detail && `, ${detail}`}`,
    { status },
  );
}

/** What a component says about its refusal: Prometheus and Loki in JSON with a type, others in a text. */
function detailOf(body: string): string {
  const text = String(body).trim();
  let said = text;
  try {
    const { errorType, error } = JSON.parse(text);
    if (typeof errorType === 'string' && typeof error === 'string') said = `${errorType}: ${error}`;
  } catch {
    // Not JSON: as it is.
  }
  return said.slice(0, 500);
}

function unexpected(cause: unknown, text: string): string {
  const expected = 'not an answer of its API: ';
  if (!(cause instanceof ZodError))
    return `${expected}expected JSON, got ${JSON.stringify(text.slice(0, 80))}`;
  const { path, message } = cause.issues[0]!;
  return `${expected}${path.join('.') || 'body'}: ${message}`;
}
