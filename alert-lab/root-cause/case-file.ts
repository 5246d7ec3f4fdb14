import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Signal, SignalSeries } from '@aiops-sre/incident-responder/evidence/service-deviations.ts';
import { z } from 'zod';

/** Of a case file, by our own names. */
const SIGNAL_NAMES = {
  latency: 'duration',
  'latency-p99': 'duration-p99',
  availability: 'failed-ratio',
  requests: 'requests',
  cpu: 'cpu',
  memory: 'memory',
  load: 'load',
} as const satisfies Record<string, Signal>;

const caseSchema = z.object({
  edges: z.array(z.tuple([z.string(), z.string()])),
  alert: z.object({ service: z.string(), signal: z.string(), at: z.number() }),
  series: z.array(
    z.object({
      service: z.string(),
      signal: z.enum(Object.keys(SIGNAL_NAMES) as [keyof typeof SIGNAL_NAMES]),
      step: z.number().positive(),
      start: z.number(),
      values: z.array(z.number().nullable()),
    }),
  ),
});
const truthSchema = z.record(z.string(), z.string());

/** A recorded incident: who calls whom, what was measured, and who alerted. */
export interface RootCase {
  readonly name: string;
  readonly edges: readonly { readonly client: string; readonly server: string }[];
  readonly alert: { readonly service: string; readonly signal: string; readonly atSeconds: number };
  readonly series: readonly SignalSeries[];
}

const TRUTH = 'truth.json';

/** All cases of a folder, by name. @throws CaseError naming the file and what is wrong with it */
export function readCases(folder: string): RootCase[] {
  const files = naming(folder, () => readdirSync(folder)).filter(
    (file) => file.endsWith('.json') && file !== TRUTH,
  );
  if (files.length === 0) throw new CaseError(`${folder}: expected case files (*.json), found none`);
  return files.sort().map((file) => {
    const { edges, alert, series } = read(join(folder, file), caseSchema);
    return {
      name: basename(file, '.json'),
      edges: edges.map(([client, server]) => ({ client, server })),
      alert: { service: alert.service, signal: alert.signal, atSeconds: alert.at },
      series: series.map(({ service, signal, step, start, values }) => ({
        service,
        signal: SIGNAL_NAMES[signal],
        startSeconds: start,
        stepSeconds: step,
        values:
          signal === 'availability'
            ? values.map((percent) => (percent === null ? null : 1 - percent / 100))
            : values,
      })),
    };
  });
}

/** Root service by case. */
export function readTruth(folder: string): ReadonlyMap<string, string> {
  return new Map(Object.entries(read(join(folder, TRUTH), truthSchema)));
}

export class CaseError extends Error {
  override readonly name = 'CaseError';
}

function read<T>(file: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(naming(file, () => JSON.parse(readFileSync(file, 'utf8'))));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CaseError(`${file}: ${issue?.path.join('.')}: ${issue?.message}`);
}

function naming<T>(path: string, readIt: () => T): T {
  try {
    return readIt();
  } catch (error) {
    throw new CaseError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}
