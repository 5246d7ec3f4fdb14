import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type ClusterApi, ClusterError, type WatchEvent } from './cluster-api.ts';

/** A watch that ends sooner than this did not work: the next one waits as after an error. */
const WORKED_MS = 1000;
const PAGE = 500;

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string().min(1), continue: z.string().optional() }),
  items: z.array(z.unknown()),
});
const versionSchema = z.object({ metadata: z.object({ resourceVersion: z.string().min(1) }) });

export interface WatchOptions<T> {
  readonly api: Pick<ClusterApi, 'get' | 'watch'>;
  /** `/api/v1/namespaces/shop/pods` */
  readonly path: string;
  readonly schema: z.ZodType<T>;
  /** Everything there is, at the start and where the server no longer knows what came since. */
  readonly onAll: (objects: readonly T[]) => void;
  readonly onChange: (object: T, isDeleted: boolean) => void;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Pauses after errors: the first, doubled each time up to the longest. */
  readonly pauseMs?: { readonly first: number; readonly longest: number };
}

/**
 * Sees every change of a kind of object, until `signal` aborts. A watch that ends is taken up where it was (resourceVersion,
 * which bookmarks keep young); where the server has forgotten that far back (410 Gone), everything is listed anew.
 */
export async function watchObjects<T>(options: WatchOptions<T>): Promise<void> {
  const { api, path, schema, onAll, onChange, signal, log } = options;
  const { first, longest } = options.pauseMs ?? { first: 1000, longest: 15_000 };
  let resourceVersion: string | undefined;
  let failures = 0;

  async function list(): Promise<string> {
    const objects: T[] = [];
    let next: string | undefined;
    for (;;) {
      const query = `?limit=${PAGE}${next === undefined ? '' : `&continue=${encodeURIComponent(next)}`}`;
      const { metadata, items } = await api.get(path + query, listSchema, signal);
      objects.push(...items.flatMap(understood));
      if (!metadata.continue) {
        onAll(objects);
        return metadata.resourceVersion;
      }
      next = metadata.continue;
    }
  }

  function understood(object: unknown): T[] {
    const { data, error } = schema.safeParse(object);
    if (error)
      log.warn({ path, problem: z.prettifyError(error) }, 'an object of the cluster is not understood');
    return data === undefined ? [] : [data];
  }

  function take({ type, object }: WatchEvent): void {
    failures = 0;
    resourceVersion = versionSchema.safeParse(object).data?.metadata.resourceVersion ?? resourceVersion;
    if (type !== 'BOOKMARK') for (const each of understood(object)) onChange(each, type === 'DELETED');
  }

  while (!signal.aborted) {
    const begunMs = performance.now();
    try {
      resourceVersion ??= await list();
      await api.watch(
        path,
        { resourceVersion, allowWatchBookmarks: true, timeoutSeconds: 290 },
        take,
        signal,
      );
      if (performance.now() - begunMs >= WORKED_MS) {
        failures = 0;
        continue;
      }
    } catch (error) {
      if (signal.aborted) return;
      const { status, message } = error as ClusterError;
      if (error instanceof ClusterError && status === 410) {
        log.info({ path }, 'the watch expired: everything is listed anew');
        resourceVersion = undefined;
      } else if (failures === 0) log.warn({ path, reason: message }, 'the watch broke off');
    }
    failures += 1;
    const pauseMs = Math.min(longest, first * 2 ** (failures - 1)) * (0.75 + Math.random() / 4);
    await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
