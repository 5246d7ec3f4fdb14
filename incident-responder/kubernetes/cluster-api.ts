import { fetch } from 'undici';
import { z } from 'zod';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

const statusSchema = z.object({ message: z.string(), code: z.number().optional() });

/** What the API server refused, with its HTTP status and in its words; 0: it did not answer. */
export class ClusterError extends Error {
  override name = 'ClusterError';
  readonly status: number;
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** One element of a JSON Patch (RFC 6902), which is carried out as a whole or not at all. */
export interface PatchStep {
  readonly op: 'test' | 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

/** A cluster's API server. Every method rejects with a {@link ClusterError}, or with the abort reason of `signal`. */
export interface ClusterApi {
  get<T>(path: string, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T>;
  /** Changes show {@link FIELD_MANAGER} as the one who made them. */
  patch<T>(path: string, steps: readonly PatchStep[], schema: z.ZodType<T>, signal?: AbortSignal): Promise<T>;
  put<T>(path: string, object: unknown, schema: z.ZodType<T>, signal?: AbortSignal): Promise<T>;
  /** Only that very object, not one that took its name since. */
  remove(path: string, uid: string, signal?: AbortSignal): Promise<void>;
  /** Resolves when the server ended it in good order. */
  watch(
    path: string,
    query: Readonly<Record<string, string | number | boolean>>,
    onEvent: (event: WatchEvent) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

/** Name under which the operator changes objects; whoever else shows there as a manager is somebody else. */
export const FIELD_MANAGER = 'aiops-operator';

/** By kubectl's configuration, or in a pod by its service account. Loaded only where there is a cluster: it takes 56 MB. */
export async function openCluster(): Promise<ClusterApi> {
  const client = await import('@kubernetes/client-node');
  const config = new client.KubeConfig();
  config.loadFromDefault();
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error('kubernetes: expected a current context, got none');

  async function send<T>(
    method: string,
    path: string,
    schema: z.ZodType<T>,
    { body, type, signal }: { body?: unknown; type?: string; signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    const url = new URL(server + path);
    if (method === 'PATCH' || method === 'PUT') url.searchParams.set('fieldManager', FIELD_MANAGER);
    const context = new client.RequestContext(url.toString(), client.HttpMethod.GET);
    await config.applySecurityAuthentication(context);
    const dispatcher = context.getDispatcher();
    let status = 0;
    let text: string;
    try {
      const response = await fetch(url, {
        method,
        headers: {
          ...context.getHeaders(),
          accept: 'application/json',
          ...(type === undefined ? {} : { 'content-type': type }),
        },
        redirect: 'error',
        ...(dispatcher === undefined ? {} : { dispatcher }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal === undefined ? [] : [signal])]),
      });
      status = response.status;
      text = await response.text();
      if (text.length > MAX_ANSWER_BYTES)
        throw new Error(`expected at most ${MAX_ANSWER_BYTES} bytes, got more`);
    } catch (cause) {
      signal?.throwIfAborted();
      const { message, cause: inner } = cause as Error;
      throw new ClusterError(
        status,
        `${method} ${path}: ${(inner as Error | undefined)?.message ?? message}`,
        {
          cause,
        },
      );
    }
    if (status >= 300) throw new ClusterError(status, `${method} ${path}: HTTP ${status}: ${reasonOf(text)}`);
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      throw new ClusterError(status, `${method} ${path}: answer: ${(cause as Error).message}`, { cause });
    }
  }

  return {
    get: (path, schema, signal) => send('GET', path, schema, { signal }),
    patch: (path, steps, schema, signal) =>
      send('PATCH', path, schema, { body: steps, type: 'application/json-patch+json', signal }),
    put: (path, object, schema, signal) =>
      send('PUT', path, schema, { body: object, type: 'application/json', signal }),
    async remove(path, uid, signal) {
      const body = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid } };
      await send('DELETE', path, z.unknown(), { body, type: 'application/json', signal });
    },
    async watch(path, query, onEvent, signal) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const watch = new client.Watch(config);
      const request = await watch.watch(
        path,
        { ...query },
        // What a callback throws, the client takes for a line that is no JSON.
        (type, object) => {
          const gone = type === 'ERROR' ? statusSchema.safeParse(object).data : undefined;
          if (type === 'ERROR')
            reject(new ClusterError(gone?.code ?? 500, `watch ${path}: ${gone?.message ?? 'an error'}`));
          else onEvent({ type, object });
        },
        (error: (Error & { statusCode?: number }) | null | undefined) => {
          // Quiet for half a minute: nothing happened, and the next watch goes on from here.
          if (!error || error.name === 'TimeoutError') resolve();
          else
            reject(
              new ClusterError(error.statusCode ?? 0, `watch ${path}: ${error.message}`, { cause: error }),
            );
        },
      );
      const stop = () => request.abort();
      signal.addEventListener('abort', stop, { once: true });
      try {
        await promise;
      } finally {
        request.abort();
        signal.removeEventListener('abort', stop);
      }
    },
  };
}

function reasonOf(text: string): string {
  try {
    return statusSchema.parse(JSON.parse(text)).message;
  } catch {
    return text.slice(0, 200);
  }
}
