import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { homeFolder } from '@aiops-sre/service-kit/home/home.ts';
import { type Ports, platformPorts, platformVariables } from '@aiops-sre/service-kit/platform/ports.ts';
import { z } from 'zod';

const version = z.string().regex(/^v?\d+\.\d+(\.\d+)?$/, 'expected a version such as v1.2.3');

const releasesUrl = z
  .string()
  .refine(
    (text) =>
      ['', 'off'].includes(text) ||
      /^https?:/.test(URL.parse(text.replace('{host}', 'host'))?.protocol ?? ''),
    'expected an http(s) URL or off',
  )
  .transform((text) => text || undefined)
  .optional();

const versionVariables = {
  node: 'NODE_VERSION',
  prometheus: 'PROMETHEUS_VERSION',
  alertmanager: 'ALERTMANAGER_VERSION',
  otelCollector: 'OTEL_COLLECTOR_VERSION',
  tempo: 'TEMPO_VERSION',
  loki: 'LOKI_VERSION',
  postgres: 'POSTGRES_VERSION',
  grafana: 'GRAFANA_VERSION',
  caddy: 'CADDY_VERSION',
  k6: 'K6_VERSION',
  thanos: 'THANOS_VERSION',
  seaweedfs: 'SEAWEEDFS_VERSION',
} as const;
export type VersionName = keyof typeof versionVariables;

/** Where everything is and listens. Read once, by {@link readSettings}. */
export interface Settings {
  /** The checkout. */
  readonly root: string;
  /** State of the native engine: data, logs, sockets. */
  readonly dataDir: string;
  /** Built binaries, shared by all clones of one user. */
  readonly cacheDir: string;
  /** What its user adds: AIOPS_HOME, else `my` in the checkout. It need not be there. */
  readonly home: string;
  /** Of docker-compose.yml, those that are on: COMPOSE_PROFILES. */
  readonly profiles: readonly string[];
  readonly ports: Ports;
  readonly versions: Readonly<Record<VersionName, string>>;
  /** How the demo app observes its requests. */
  readonly telemetry: 'stock' | 'lean';
  /** Of the storefront, where no deployment has promoted another. */
  readonly storefrontVersion: string;
  /** A Grafana of one's own for the native engine, from GRAFANA_HOME. */
  readonly grafanaHome: string | undefined;
  /** A mirror of the official releases, from AIOPS_RELEASES_URL; `off`: none are fetched. */
  readonly releasesUrl: string | undefined;
  /** Configuration for the native engine in place of the shipped, as drills need it; what is added beside it is in `home`. */
  readonly own: {
    /** Prometheus' rule files, from AIOPS_RULES_DIR. */
    readonly rulesDir: string | undefined;
    /** The responder's actions, from AIOPS_ACTIONS_DIR. */
    readonly actionsDir: string | undefined;
    /** The detector's rules, from AIOPS_DETECTOR_CONFIG. */
    readonly detectorConfig: string | undefined;
  };
}

/**
 * Reads `.env` and the environment, which wins.
 *
 * AIOPS_PORT_OFFSET shifts every port; AIOPS_DATA_DIR and AIOPS_CACHE_DIR move the two folders. AIOPS_RULES_DIR,
 * AIOPS_ACTIONS_DIR and AIOPS_DETECTOR_CONFIG take the place of shipped configuration; AIOPS_RELEASES_URL that of
 * github.com and dl.grafana.com.
 *
 * @throws Error naming the variable, what it held and what was expected.
 */
export function readSettings(root: string, environment: NodeJS.ProcessEnv): Settings {
  const variables = platformVariables(root, environment);
  const { values, read } = variables;
  const path = (text: string | undefined) => (text ? resolve(root, text) : undefined);
  const cacheHome = values.XDG_CACHE_HOME || join(homedir(), '.cache');
  return {
    root,
    dataDir: resolve(root, values.AIOPS_DATA_DIR || '.data'),
    cacheDir: values.AIOPS_CACHE_DIR || join(cacheHome, 'aiops-sre-observability'),
    home: homeFolder(root, values),
    profiles: (values.COMPOSE_PROFILES ?? '').split(/[\s,]+/).filter((name) => name !== ''),
    ports: platformPorts(variables),
    versions: Object.fromEntries(
      Object.entries(versionVariables).map(([name, variable]) => [name, read(variable, version)]),
    ) as Record<VersionName, string>,
    storefrontVersion: read('STOREFRONT_RELEASE', version),
    telemetry: read('TELEMETRY', z.enum(['stock', 'lean'])),
    grafanaHome: values.GRAFANA_HOME || undefined,
    releasesUrl: read('AIOPS_RELEASES_URL', releasesUrl),
    own: {
      rulesDir: path(values.AIOPS_RULES_DIR),
      actionsDir: path(values.AIOPS_ACTIONS_DIR),
      detectorConfig: path(values.AIOPS_DETECTOR_CONFIG),
    },
  };
}
