/** `npm run -s load`: load on the storefront by k6, whose exit code says whether the SLOs held. */

import { constants } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { INTERRUPTED } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { endpoint } from '@aiops-sre/service-kit/platform/ports.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { execa } from 'execa';
import { provideBinaries } from '../native/binaries/provide.ts';
import { k6Recipe } from '../native/binaries/recipes.ts';
import { Progress } from '../progress.ts';
import { readSettings } from '../settings.ts';

const USAGE = `npm run -s load -- [--seconds 60] [--fast 8] [--slow 2] [--url URL] [--json]
  Requests a second of ordinary reads (fast) and of documents and checkouts (slow), for so many seconds.
  Exits with 0 when the storefront's SLOs held, with 99 when one was missed. k6 is taken from the PATH, or built once.`;

const ANSWER_MS = 5_000;
const root = join(import.meta.dirname, '..', '..');
const building = new AbortController();

/** k6's exit code. */
async function load(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '' },
      fast: { type: 'string', default: '' },
      slow: { type: 'string', default: '' },
      url: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const settings = readSettings(root, process.env);
  const url = values.url ?? endpoint(settings, 'storefront');
  // Before anything is built.
  await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(ANSWER_MS) }).catch((cause: Error) => {
    throw new Error(`${url} does not answer: npm start first, or --url`, { cause });
  });

  const interrupt = () => building.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const { k6 } = await provideBinaries({
    settings,
    recipes: [k6Recipe(settings.versions)],
    path: process.env.PATH ?? '',
    progress: new Progress((line) => printError(line)),
    signal: building.signal,
  });
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  const script = join(root, 'demo-app', 'load', 'storefront.ts');
  // Its control API is not needed and would take a port; no reports to k6's makers.
  const running = execa(k6 ?? '', ['run', '--quiet', '--address=', '--no-usage-report', script], {
    env: {
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
      STOREFRONT_URL: url,
      LOAD_SECONDS: values.seconds,
      LOAD_FAST_PER_SECOND: values.fast,
      LOAD_SLOW_PER_SECOND: values.slow,
      LOAD_REPORT: values.json ? 'json' : 'text',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
    reject: false,
  });
  // The terminal's Ctrl-C reaches k6 by itself, and a second signal would cut off its report.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => running.kill('SIGTERM'));
  const { exitCode, signal } = await running;
  return exitCode ?? 128 + (signal ? constants.signals[signal] : 0);
}

try {
  process.exitCode = await load();
} catch (error) {
  printError(building.signal.aborted ? 'interrupted' : `load: ${(error as Error).message}`);
  process.exitCode = building.signal.aborted ? INTERRUPTED : 1;
}
