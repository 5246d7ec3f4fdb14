import type { z } from 'zod';

/** Asks a component for JSON; see {@link jsonClient}. */
export type AskJson = <T>(
  path: string,
  schema: z.ZodType<T>,
  parameters?: readonly (readonly [name: string, value: string])[],
) => Promise<T>;

export interface JsonClientOptions {
  /** What it is, for messages: `Tempo`. */
  readonly name: string;
  /** Without a slash at the end. */
  readonly url: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Larger answers are refused: a trace of a million spans must not take the diagnosis down. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** The component said that there is no such thing (404). */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

/**
 * A client of one component's HTTP API.
 *
 * @returns a function that throws with the component, what was asked, and what it answered instead
 */
export function jsonClient({ name, url, timeoutMs = 15_000, signal }: JsonClientOptions): AskJson {
  return async (path, schema, parameters = []) => {
    const address = `${url}${path}${parameters.length > 0 ? `?${new URLSearchParams(Object.fromEntries(parameters))}` : ''}`;
    const timeout = AbortSignal.timeout(timeoutMs);
    const where = `${name} at ${url}${path}`;
    let text: string;
    let status: number;
    try {
      const response = await fetch(address, {
        headers: { accept: 'application/json' },
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      status = response.status;
      text = await bounded(response);
    } catch (error) {
      signal?.throwIfAborted();
      const reason = timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error);
      throw new Error(`${where}: ${reason}`, { cause: error });
    }
    if (status === 404) throw new NotFoundError(`${where}: 404`);
    if (status !== 200)
      throw new Error(`${where}: expected 200, got ${status}: ${text.slice(0, 300).trim()}`);
    const parsed = schema.safeParse(json(text, where));
    if (!parsed.success) {
      const { path: at, message } = parsed.error.issues[0]!;
      throw new Error(`${where}: ${at.join('.')}: ${message}`);
    }
    return parsed.data;
  };
}

async function bounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES)
      throw new Error(`the answer is larger than ${MAX_BODY_BYTES / 1024 / 1024} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function json(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${where}: expected JSON, got ${JSON.stringify(text.slice(0, 80))}`, { cause: error });
  }
}

/** fetch() says "fetch failed" and keeps what happened in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}
