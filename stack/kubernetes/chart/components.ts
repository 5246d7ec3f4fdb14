import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { durationSeconds } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { type ComposeFile, readComposeFile, SCALED, type Service } from '../../compose/compose-file.ts';
import { healthTargets } from '../../compose/guard/targets.ts';
import { SECRETS } from '../../compose/prepare/secrets.ts';
import { shippedFiles, shippedFolders } from '../../home/shipped.ts';
import { FLAGS_FOLDER, type Mount, mountsOf } from './mounts.ts';

/** What is asked to know that a component is ready. */
type ChartProbe =
  | { readonly http: { readonly port: number; readonly path: string } }
  | { readonly exec: readonly string[] };

/** A service of docker-compose.yml as the chart's templates read it. */
interface ChartComponent {
  /** Switches in the values that all have to be on. */
  readonly parts: readonly string[];
  readonly image: { readonly repository: string; readonly tag: string | undefined };
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly user: number;
  readonly group: number;
  readonly readOnly: boolean;
  readonly memory: string;
  readonly cpu: string;
  readonly workingDir: string | undefined;
  readonly graceSeconds: number;
  readonly ports: readonly number[];
  /** Where it is on 127.0.0.1 in the other engines. */
  readonly published: number | undefined;
  readonly probe: ChartProbe | undefined;
  readonly networks: readonly string[];
  readonly mounts: readonly Mount[];
}

export interface ChartData {
  readonly components: Readonly<Record<string, ChartComponent>>;
  /** What is there besides with `distributed.enabled`, and what is other in those of the same name. */
  readonly distributed: Readonly<Record<string, object>>;
  /** What runs once, before another: Kubernetes' init containers. */
  readonly once: Readonly<Record<string, ChartComponent>>;
  readonly networks: Readonly<Record<string, { readonly internal: boolean }>>;
  /** Names of the secrets in each group. */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
  /** Shipped files, by path from the checkout, that are of no use without the demo. */
  readonly onlyDemo: readonly string[];
}

/** prepare's work is done by the templates; k6 is a tool. */
const NOT_IN_THE_CHART = ['prepare', 'k6'];
const ONCE = ['history-import'];
const OUR_IMAGES = 'aiops-sre-observability/';
/** Profiles that are of no use without the demo's. */
const OF_THE_DEMO = ['traffic', 'canary'];
const GRACE_SECONDS = 10;
/** Asked over HTTP in place of a program that each check would start in the container. */
const HTTP_PROBES: Readonly<Record<string, ChartProbe>> = {
  prometheus: { http: { port: 9090, path: '/-/ready' } },
  grafana: { http: { port: 3000, path: '/api/health' } },
};

/** The switch of what an engine becomes past one machine, by the beginning of its services' names. */
const PART_OF: Readonly<Record<string, string>> = {
  thanos: 'prometheus',
  loki: 'loki',
  tempo: 'tempo',
  alertmanager: 'alertmanager',
  anomaly: 'anomaly-detector',
  otel: 'otel-collector',
};

function partsOf(name: string, { profiles }: Service): readonly string[] {
  // The chart's, where no other is named.
  if (name === 'seaweedfs') return [];
  if (profiles.length === 0) return [PART_OF[name.split('-')[0] ?? ''] ?? name];
  if (profiles.includes('demo')) return ['demo'];
  return OF_THE_DEMO.some((profile) => profiles.includes(profile)) ? ['demo', ...profiles] : profiles;
}

/** What the files of the checkout that a service reads say. */
const configurationOf = (root: string, { volumes }: Service) =>
  volumes
    .map((volume) => volume.split(':')[0] ?? '')
    .filter((source) => /\.ya?ml$/.test(source) && source.startsWith('./'))
    .map((source) => readFileSync(join(root, source), 'utf8'));

/** Ports at which a service is asked for by anybody, or that Compose publishes. */
function portsOf(name: string, root: string, file: ComposeFile, targets: string): readonly number[] {
  const own = file.services[name] as Service;
  const everything = [
    ...Object.values(file.services).flatMap((service) => [
      ...Object.values(service.environment),
      ...service.command,
      ...configurationOf(root, service),
    ]),
    targets,
  ].join('\n');
  const asked = [...everything.matchAll(/(?<![\w-])([a-z][\w-]*):(\d{2,5})\b/g)]
    .filter(([, host]) => host === name)
    .map(([, , port]) => Number(port));
  const published = own.ports.map((port) => Number(port.split(':').at(-1)));
  return [...new Set([...asked, ...published])].sort((one, other) => one - other);
}

function publishedPort({ ports }: Service): number | undefined {
  const [first] = ports;
  return first === undefined ? undefined : Number(first.split(':').at(-2));
}

function probeOf(
  name: string,
  service: Service,
  guarded: ReadonlyMap<string, string>,
): ChartProbe | undefined {
  if (HTTP_PROBES[name]) return HTTP_PROBES[name];
  const [kind, ...exec] = service.healthcheck?.test ?? [];
  const asked = exec[0] === 'wget' ? URL.parse(exec.at(-1) ?? '') : undefined;
  if (asked) return { http: { port: Number(asked.port), path: asked.pathname } };
  if (kind === 'CMD') return { exec };
  const url = guarded.get(name);
  if (url) return { http: { port: Number(new URL(url).port), path: new URL(url).pathname } };
  const { PORT, HEALTH_PATH } = service.environment;
  // The path that the Dockerfile has for images of ours.
  return PORT ? { http: { port: Number(PORT), path: HEALTH_PATH ?? '/readyz' } } : undefined;
}

const mebibytes = (text: string) => text.replace(/m$/, 'Mi').replace(/g$/, 'Gi');

/**
 * What the chart is rendered from: the services of docker-compose.yml, so that a service is described once.
 *
 * @throws Error naming the service and what it lacks.
 */
export function chartData(root: string): ChartData {
  const { components, once, networks } = componentsOf(root, readComposeFile(root));
  const distributed = componentsOf(root, readComposeFile(root, SCALED));
  const shipped = shippedFolders(root);
  const all = Object.values(shippedFiles(shipped, true)).flat();
  const without = new Set(Object.values(shippedFiles(shipped, false)).flat());
  return {
    components,
    distributed: Object.fromEntries(
      Object.entries(distributed.components).flatMap(([name, component]) => {
        const { env, ...other } = otherThan(components[name], component);
        const changed = { ...other, ...(env && { env: otherThan(components[name]?.env, env) }) };
        return Object.keys(changed).length > 0 ? [[name, changed]] : [];
      }),
    ),
    once,
    networks: { ...networks, ...distributed.networks },
    secrets: Object.fromEntries(
      Object.entries(Object.groupBy(Object.entries(SECRETS), ([, { volume }]) => volume)).map(
        ([group, entries]) => [group, (entries ?? []).map(([name]) => name)],
      ),
    ),
    onlyDemo: all.filter((path) => !without.has(path)).map((path) => relative(root, path)),
  };
}

/** Entries that are not in `before`. */
function otherThan<Part extends object>(before: Part | undefined, after: Part): Partial<Part> {
  const known = new Map<string, unknown>(Object.entries(before ?? {}));
  return Object.fromEntries(
    Object.entries(after).filter(([key, value]) => !isDeepStrictEqual(value, known.get(key))),
  ) as Partial<Part>;
}

function componentsOf(root: string, file: ComposeFile): Pick<ChartData, 'components' | 'once' | 'networks'> {
  const targets = ['targets', 'others']
    .flatMap((folder) => {
      const path = join(root, 'prometheus', folder);
      return readdirSync(path).map((name) => join(path, name));
    })
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(name, 'utf8'))
    .join('\n');
  const guarded = new Map(
    healthTargets
      .parse(file.services.guard?.environment.HEALTH_TARGETS ?? '')
      .map(({ service, url }) => [service, url]),
  );
  const component = (name: string, service: Service): ChartComponent => {
    const [repository = '', tag] = (service.image ?? '').split(':');
    const [user, group] = (service.user ?? '').split(':').map(Number);
    if (!repository || !user || group === undefined || !service.mem_limit || !service.cpus)
      throw new Error(
        `docker-compose.yml: ${name}: expected image, user (UID:GID), mem_limit and cpus, got ${JSON.stringify([service.image, service.user, service.mem_limit, service.cpus])}`,
      );
    const mounts = mountsOf(root, service);
    const environment = Object.fromEntries(
      // Empty stands for not set, as in Compose.
      Object.entries(service.environment).flatMap(([key, value]) =>
        // A flight school flies on the stack of its checkout.
        value && key !== 'SCHOOL_URL' ? [[key, value]] : [],
      ),
    );
    const isOurs = repository.startsWith(OUR_IMAGES);
    const readsFlags = isOurs && mounts.some(({ kind }) => kind === 'flags');
    return {
      parts: partsOf(name, service),
      image: { repository, tag: isOurs ? undefined : tag },
      command: service.entrypoint.length > 0 ? service.entrypoint : undefined,
      args: service.command,
      env: { ...environment, ...(readsFlags && { FLAGS_FILE: `${FLAGS_FOLDER}/demo.flagd.json` }) },
      user,
      group,
      readOnly: service.read_only,
      memory: mebibytes(service.mem_limit),
      cpu: `${Math.round(Number(service.cpus) * 1000)}m`,
      workingDir: service.working_dir,
      graceSeconds: durationSeconds(service.stop_grace_period ?? '') ?? GRACE_SECONDS,
      ports: portsOf(name, root, file, targets),
      published: publishedPort(service),
      probe: probeOf(name, service, guarded),
      networks: service.networks,
      mounts,
    };
  };
  const some = (wanted: (name: string) => boolean) =>
    Object.fromEntries(
      Object.entries(file.services)
        .filter(([name]) => !NOT_IN_THE_CHART.includes(name) && wanted(name))
        .map(([name, service]) => [name, component(name, service)]),
    );
  const components = some((name) => !ONCE.includes(name));
  const used = new Set(Object.values(components).flatMap(({ networks }) => networks));
  return {
    components,
    once: some((name) => ONCE.includes(name)),
    networks: Object.fromEntries(
      Object.entries(file.networks)
        .filter(([name]) => used.has(name))
        .map(([name, network]) => [name, { internal: network?.internal ?? false }]),
    ),
  };
}
