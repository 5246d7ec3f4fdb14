import {
  type FlagState,
  readFlagDocument,
  withDefaultVariant,
} from '@aiops-sre/service-kit/flags/flag-document.ts';
import { z } from 'zod';
import type { FlagFile } from '../flags/flag-file.ts';
import { type ClusterApi, ClusterError } from './cluster-api.ts';

/** Flags are looked at every second; the API server is not. */
const FRESH_MS = 5000;
const ATTEMPTS = 3;

const mapSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  data: z.record(z.string(), z.string()).default({}),
});

/** A flag document that is a key of a ConfigMap: pods that mount it see a change within a minute or two. */
export function openFlagMap(
  api: Pick<ClusterApi, 'get' | 'patch'>,
  { namespace, name, key }: { readonly namespace: string; readonly name: string; readonly key: string },
): FlagFile {
  const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
  let last: { readonly atMs: number; readonly flags: ReadonlyMap<string, FlagState> } | undefined;

  function seen({ data }: z.infer<typeof mapSchema>): ReadonlyMap<string, FlagState> {
    const text = data[key];
    if (text === undefined) throw new Error(`ConfigMap ${name}: has no ${key}`);
    try {
      last = { atMs: performance.now(), flags: readFlagDocument(text).flags };
      return last.flags;
    } catch (cause) {
      throw new Error(`ConfigMap ${name}: ${key}: ${(cause as Error).message}`, { cause });
    }
  }

  return {
    async read() {
      if (last !== undefined && performance.now() - last.atMs < FRESH_MS) return last.flags;
      return seen(await api.get(path, mapSchema));
    },
    async setDefaultVariant(flag, variant) {
      for (let attempt = 1; ; attempt += 1) {
        const map = await api.get(path, mapSchema);
        seen(map);
        const steps = [
          // Somebody else's change in between is not undone.
          { op: 'replace', path: '/metadata/resourceVersion', value: map.metadata.resourceVersion },
          {
            op: 'replace',
            path: `/data/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
            value: withDefaultVariant(map.data[key]!, flag, variant),
          },
        ] as const;
        try {
          seen(await api.patch(path, steps, mapSchema));
          return;
        } catch (error) {
          if (!(error instanceof ClusterError) || error.status !== 409 || attempt === ATTEMPTS) throw error;
        }
      }
    },
  };
}
