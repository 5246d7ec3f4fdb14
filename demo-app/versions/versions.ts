import { STOREFRONT_ROUTES } from '@aiops-sre/conventions/services.ts';
import { readYamlFolder } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { z } from 'zod';
import { faultsSchema } from '../faults/faults-schema.ts';

const { errorRatio, latencyMs, memoryLeakMbPerMinute } = faultsSchema.shape;

const behaviourSchema = z.strictObject({
  /** What requests suffer, each entry on its own. */
  requests: z
    .array(
      z.strictObject({
        /** Such as `POST /api/orders`; left out: all. */
        routes: z
          .array(z.enum(STOREFRONT_ROUTES.map(({ method, route }) => `${method} ${route}`)))
          .min(1)
          .optional(),
        errorRatio,
        /** What the client and the log are told. */
        error: z.string().min(1).max(200).default('internal error'),
        latencyMs,
      }),
    )
    .default([]),
  memoryLeakMbPerMinute,
  /** The list of users asks identity about each of them. */
  accountsOneByOne: z.boolean().default(false),
});

const versionSchema = z.strictObject({
  /** `service.version`: it tells nothing of what the version is like. */
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'expected a version such as 1.2.3'),
  description: z.string().min(1),
  behaviour: behaviourSchema.prefault({}),
});

export type Version = Readonly<z.infer<typeof versionSchema>>;
export type VersionBehaviour = Version['behaviour'];

/** Versions of the storefront by the names of their files. @throws {FileError} with all that is wrong with any of them */
export function readVersions(folder = import.meta.dirname): ReadonlyMap<string, Version> {
  const versions = readYamlFolder(folder, versionSchema);
  const byNumber = Map.groupBy(versions, ([, { version }]) => version);
  for (const [version, files] of byNumber)
    if (files.length > 1)
      throw new Error(
        `${folder}: version ${version} is that of ${files.map(([name]) => `${name}.yaml`).join(' and ')}, expected one`,
      );
  return versions;
}

/** How a version differs from the code as it stands; a version without a file does in nothing. */
export function behaviourOf(version: string, folder?: string): VersionBehaviour {
  const found = [...readVersions(folder).values()].find((each) => each.version === version);
  return found?.behaviour ?? behaviourSchema.parse({});
}
