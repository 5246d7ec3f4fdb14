import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { isMapping } from '@aiops-sre/service-kit/yaml/is-mapping.ts';
import { type CollectionTag, parse, YAMLSeq } from 'yaml';
import { z } from 'zod';

const strings = z.array(z.string());
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const command = z.union([strings, z.string().transform((text) => [text])]);

const dependencySchema = z.union([
  strings.transform((names) =>
    Object.fromEntries(names.map((name) => [name, { condition: 'service_started' }])),
  ),
  z.record(z.string(), z.object({ condition: z.string() })),
]);

/** What the checks of this folder read of a service; the rest is Compose's. */
const serviceSchema = z.object({
  image: z.string().optional(),
  build: z.unknown().optional(),
  command: command.default([]),
  entrypoint: command.default([]),
  environment: z.record(z.string(), scalar.nullable()).default({}),
  user: z.string().optional(),
  working_dir: z.string().optional(),
  stop_grace_period: z.string().optional(),
  read_only: z.boolean().default(false),
  privileged: z.boolean().default(false),
  cap_add: strings.default([]),
  cap_drop: strings.default([]),
  security_opt: strings.default([]),
  devices: strings.default([]),
  pid: z.string().optional(),
  ipc: z.string().optional(),
  mem_limit: scalar.optional(),
  cpus: scalar.optional(),
  pids_limit: z.number().optional(),
  restart: z.string().optional(),
  logging: z.object({ options: z.record(z.string(), scalar).default({}) }).optional(),
  healthcheck: z.object({ test: command.optional(), disable: z.boolean().default(false) }).optional(),
  ports: strings.default([]),
  networks: z.union([strings, z.record(z.string(), z.unknown()).transform(Object.keys)]).default([]),
  network_mode: z.string().optional(),
  volumes: strings.default([]),
  tmpfs: strings.default([]),
  profiles: strings.default([]),
  depends_on: dependencySchema.default({}),
  /** Reasons for breaking a rule, by the rule's name. */
  'x-exceptions': z.record(z.string(), z.string().min(1)).default({}),
});
export type Service = z.output<typeof serviceSchema>;

const fileSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.object({ internal: z.boolean().default(false) }).nullable()).default({}),
  volumes: z.record(z.string(), z.unknown()).default({}),
});
export type ComposeFile = z.output<typeof fileSchema>;

/**
 * `${NAME}`, `${NAME:-default}`, `${NAME:+instead}` and `$$`, as Compose interpolates them.
 *
 * @throws Error for a variable without value and default: Compose would put an empty string there.
 * @see https://docs.docker.com/reference/compose-file/interpolation/
 */
function interpolate(text: string, variables: Readonly<Record<string, string | undefined>>): string {
  return text.replace(
    /\$\$|\$\{(\w+)(?::([-+])([^}]*))?\}/g,
    (found, name: string | undefined, kind: string | undefined, word: string | undefined) => {
      if (name === undefined) return '$';
      if (kind === '+') return variables[name] ? (word as string) : '';
      const value = variables[name] || word;
      if (value === undefined) throw new Error(`docker-compose.yml: ${found}: .env has no ${name}`);
      return value;
    },
  );
}

function interpolateAll(value: unknown, variables: Readonly<Record<string, string | undefined>>): unknown {
  if (typeof value === 'string') return interpolate(value, variables);
  if (Array.isArray(value)) return value.map((item) => interpolateAll(item, variables));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, interpolateAll(item, variables)]),
  );
}

/** What Compose puts in place of the whole list of the file before; other lists it adds to, but for those tagged `!override`. */
const REPLACED = ['command', 'entrypoint', 'test'];
const OVERRIDE = '!override';

/** Leaves the tag as the first item of its list. */
const overrideTag: CollectionTag = {
  tag: OVERRIDE,
  collection: 'seq',
  resolve(list) {
    const tagged = new YAMLSeq();
    tagged.items.push(OVERRIDE, ...list.items);
    return tagged;
  },
};

/** Of two mounts at one path the later one counts. */
function withoutOverridden(volumes: readonly unknown[]): readonly unknown[] {
  const byPath = new Map(volumes.map((volume) => [String(volume).split(':')[1] ?? volume, volume]));
  return [...byPath.values()];
}

/** Two files as `docker compose -f ONE -f OTHER` has them, of the forms that this checkout uses. */
function merged(one: unknown, other: unknown, key = ''): unknown {
  if (isMapping(one) && isMapping(other)) {
    const all: Record<string, unknown> = { ...one };
    for (const [name, value] of Object.entries(other))
      all[name] = name in one ? merged(one[name], value, name) : value;
    return all;
  }
  if (!Array.isArray(one) || !Array.isArray(other) || REPLACED.includes(key)) return other;
  if (other[0] === OVERRIDE) return other.slice(1);
  const both = [...new Set([...one, ...other])];
  return key === 'volumes' ? withoutOverridden(both) : both;
}

/**
 * A Compose file of the checkout with its anchors and with the variables of `.env`, or of `own`, read without Docker; several are
 * merged as Compose does it.
 */
export function readComposeFile(
  root: string,
  names: string | readonly string[] = 'docker-compose.yml',
  own: Readonly<Record<string, string>> = {},
): ComposeFile {
  const variables = { ...parseEnv(readFileSync(join(root, '.env'), 'utf8')), ...own };
  const documents = [names].flat().map((name) =>
    interpolateAll(
      parse(readFileSync(join(root, name), 'utf8'), {
        merge: true,
        maxAliasCount: -1,
        customTags: [overrideTag],
      }),
      variables,
    ),
  );
  return fileSchema.parse(documents.reduce((one, other) => merged(one, other)));
}

/** The platform past one machine. */
export const SCALED = ['docker-compose.yml', 'docker-compose.scale.yml'] as const;

/**
 * The services whose images are not built here, of those in `services`. `docker compose pull --ignore-buildable` would
 * also ask a registry for the image of a service that has it from another one's build.
 */
export function pulledServices(file: ComposeFile, services: readonly string[]): readonly string[] {
  const built = new Set(
    Object.values(file.services).flatMap(({ build, image }) => (build && image ? [image] : [])),
  );
  return services.filter((name) => !built.has(file.services[name]?.image ?? ''));
}
