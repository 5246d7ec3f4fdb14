import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';

const run = promisify(execFile);
/** Held together with bench/sloth/go.mod. */
const SLOTH_VERSION = 'v0.12.0';

/**
 * The generator to compare with: from the cache, else built into it from its pinned Go module (some minutes, once).
 * @throws Error where there is no Go
 */
export async function provideSloth(cacheFolder: string, signal: AbortSignal): Promise<string> {
  const binary = join(cacheFolder, `sloth-${SLOTH_VERSION}`, 'sloth');
  if (existsSync(binary)) return binary;
  await mkdir(dirname(binary), { recursive: true });
  // Renamed when whole, so that an interrupted build leaves nothing that looks like a binary.
  const partial = `${binary}.${process.pid}`;
  const args = [
    'build',
    '-mod=mod',
    '-trimpath',
    '-ldflags=-s -w',
    '-o',
    partial,
    'github.com/slok/sloth/cmd/sloth',
  ];
  await run('go', args, { cwd: join(import.meta.dirname, 'sloth'), signal });
  await rename(partial, binary);
  return binary;
}

/** Rules for {@link name} of service `shop` as Sloth makes them by default. */
export async function slothRules(options: {
  readonly sloth: string;
  readonly folder: string;
  readonly name: string;
  readonly objectivePercent: number;
  readonly errorQuery: string;
  readonly totalQuery: string;
}): Promise<string> {
  const { sloth, folder, name, objectivePercent, errorQuery, totalQuery } = options;
  const spec = join(folder, `${name}.sloth.yml`);
  const rules = join(folder, `${name}.sloth.rules.yml`);
  await writeFile(
    spec,
    stringify({
      version: 'prometheus/v1',
      service: 'shop',
      slos: [
        {
          name,
          objective: objectivePercent,
          sli: { events: { error_query: errorQuery, total_query: totalQuery } },
          alerting: { name: 'ShopCalls', page_alert: {}, ticket_alert: {} },
        },
      ],
    }),
  );
  await run(sloth, ['generate', '-i', spec, '-o', rules]);
  return rules;
}
