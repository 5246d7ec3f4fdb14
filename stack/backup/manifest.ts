import { check } from '@aiops-sre/service-kit/schema/check.ts';
import { describeProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { z } from 'zod';
import type { Settings, VersionName } from '../settings.ts';

/** Grows when an older version could not restore what a newer one wrote. */
export const FORMAT = 1;

/** Components whose data is kept, by the name of their folder and volume, and the program that reads it. */
export const KEPT_DATA = {
  prometheus: 'prometheus',
  tempo: 'tempo',
  loki: 'loki',
  'otel-collector': 'otelCollector',
  postgres: 'postgres',
  alertmanager: 'alertmanager',
  grafana: 'grafana',
  'anomaly-detector': undefined,
  'incident-responder': undefined,
  storefront: undefined,
} as const satisfies Record<string, VersionName | undefined>;

/** What a backup holds of one part, in `parts/NAME.tar.gz`. */
const partSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type BackupPart = z.infer<typeof partSchema>;

const countsSchema = z.record(z.string(), z.number());

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  platform: z.string(),
  engine: z.enum(['compose', 'native']),
  createdAt: z.iso.datetime(),
  versions: z.record(z.string(), z.string()),
  parts: z.array(partSchema).min(1),
  /** How much of each thing is in it: incidents, samples in blocks, ... */
  counts: countsSchema,
});
export type Manifest = z.infer<typeof manifestSchema>;

const numbers = (version: string) => version.replace(/^v/, '').split('.').map(Number);

/** Of versions such as v1.2.3, with or without the v. */
export function isNewer(version: string, than: string): boolean {
  const other = numbers(than);
  for (const [index, number] of numbers(version).entries()) {
    if (number !== (other[index] ?? 0)) return number > (other[index] ?? 0);
  }
  return false;
}

/**
 * The manifest of a backup, if this version of the platform can restore it.
 *
 * @param file what messages call the backup.
 * @throws Error where it is none, of a newer format, or of components newer than those of `versions`: they read what older
 *   ones wrote, not the other way round.
 */
export function readManifest(text: string, file: string, versions: Settings['versions']): Manifest {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file}: manifest.json is not JSON: ${(error as Error).message}`);
  }
  const { format } = z.object({ format: z.number().optional() }).catch({}).parse(document);
  if (format !== undefined && format > FORMAT)
    throw new Error(
      `${file}: expected a backup of format ${FORMAT} at most, got ${format} of a newer version`,
    );
  const { data: manifest, problems } = check(manifestSchema, document);
  if (!manifest)
    throw new Error(
      problems
        .map(({ path, ...rest }) =>
          describeProblem({ file: `${file}: manifest.json`, path: path.join('.'), ...rest }),
        )
        .join('\n'),
    );
  const newer = Object.entries(KEPT_DATA).flatMap(([part, name]) => {
    const wrote = name && manifest.versions[name];
    return wrote && manifest.parts.some((each) => each.name === part) && isNewer(wrote, versions[name])
      ? [`${part} ${wrote}, here ${versions[name]}`]
      : [];
  });
  if (newer.length > 0)
    throw new Error(
      `${file}: was written by newer versions than this platform has (${newer.join('; ')}). Upgrade it first`,
    );
  return manifest;
}
