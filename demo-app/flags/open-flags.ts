import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { readFlagDocument } from '@aiops-sre/service-kit/flags/flag-document.ts';
import { type Client, OpenFeature } from '@openfeature/server-sdk';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import { FlagDocumentProvider } from './flag-document-provider.ts';
import { recordOnSpan } from './record-on-span.ts';

const DEMO_FLAGS_FILE = fileURLToPath(new URL('demo.flagd.json', import.meta.url));

interface FlagsOptions {
  /** Default: the demo's own file. */
  readonly file?: string | undefined;
  /** Gets a gauge of the variant that each flag has. */
  readonly registry: Registry;
  readonly logger: Logger;
  readonly pollMs?: number;
}

export interface Flags {
  readonly client: Client;
  close(): void;
}

/**
 * Feature flags from a file, reloaded when it changes. A file that is broken or gone keeps the last good flags, and the
 * log says why; a start without any good flags takes each flag's fallback.
 */
export async function openFlags({
  file = DEMO_FLAGS_FILE,
  registry,
  logger,
  pollMs = 1000,
}: FlagsOptions): Promise<Flags> {
  const provider = new FlagDocumentProvider();
  const current = new Gauge({
    name: METRICS.demoFeatureFlag,
    help: '1 for the variant that an evaluation without context gets now, 0 for the others of the flag.',
    labelNames: ['flag', 'variant'] as const,
    registers: [registry],
  });
  const load = (text: string) => {
    const document = readFlagDocument(text);
    provider.load(document);
    current.reset();
    for (const [flag, { variants, variant: now }] of document.flags)
      for (const variant of variants) current.set({ flag, variant }, variant === now ? 1 : 0);
    const targeted = [...document.flags]
      .filter(([, { targeting }]) => targeting !== null)
      .map(([key]) => key);
    logger.info({ file, flags: [...document.flags.keys()], targeted }, 'flags loaded');
  };
  const complain = (error: unknown) => {
    logger.error({ file, reason: (error as Error).message }, 'flags not loaded, the last good ones stay');
  };
  try {
    load(readFileSync(file, 'utf8'));
  } catch (error) {
    complain(error);
  }
  // By polling: a mounted or atomically replaced file sends no change events on some hosts.
  const reload = () => readFile(file, 'utf8').then(load).catch(complain);
  watchFile(file, { interval: pollMs, persistent: false }, reload);

  // A domain of its own: OpenFeature's API object is one for the whole process.
  const domain = `flags of ${file}`;
  await OpenFeature.setProviderAndWait(domain, provider);
  const client = OpenFeature.getClient(domain);
  client.addHooks(recordOnSpan);
  return {
    client,
    close() {
      unwatchFile(file, reload);
    },
  };
}
