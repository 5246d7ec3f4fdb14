import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readComposeFile } from '@aiops-sre/stack/compose/compose-file.ts';
import { chartData } from '@aiops-sre/stack/kubernetes/chart/components.ts';
import { writeConfiguration } from '@aiops-sre/stack/native/configuration.ts';
import { layout as layoutOf } from '@aiops-sre/stack/native/layout.ts';
import { processSpecs } from '@aiops-sre/stack/native/processes.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { type Difference, differences, type Started } from './differences.ts';

/** What the Dockerfile sets for every image of ours. */
const IMAGE_ENVIRONMENT = { NODE_ENV: 'production', HOST: '0.0.0.0' };

/** Of the commit and of this host, in each engine. */
const NOT_CONFIGURATION = new Set(['SERVICE_REVISION', 'NODE_ENV', 'HEALTH_PATH']);

/** The native engine's processes, with the settings of `.env` and a data folder that is gone afterwards. */
function nativeComponents(root: string): ReadonlyMap<string, Started> {
  const dataDir = mkdtempSync(join(tmpdir(), 'engine-differences-'));
  try {
    const settings = readSettings(root, { AIOPS_DATA_DIR: dataDir });
    const layout = layoutOf(settings);
    writeConfiguration(settings, layout, { grafana: true, traffic: true, demo: true });
    const specs = processSpecs({
      settings,
      layout,
      binaries: {},
      grafana: { command: 'grafana', home: undefined },
      postgres: undefined,
      traffic: true,
      demo: true,
      flagsFile: layout.flagsFile,
      environment: {},
      revision: 'unknown',
    });
    const short = (text: string) => text.replaceAll(dataDir, '/.data').replaceAll(root, '');
    return new Map(
      specs.map(({ name, args, environment }) => [
        name,
        {
          args: args.map(short),
          environment: Object.fromEntries(
            Object.entries(environment).map(([key, value]) => [key, short(value)]),
          ),
        },
      ]),
    );
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function composeComponents(root: string): ReadonlyMap<string, Started> {
  return new Map(
    Object.entries(readComposeFile(root).services).map(([name, { command, environment, image = '' }]) => {
      const isOurs = image.startsWith('aiops-sre-observability/');
      const given = Object.fromEntries(
        // Empty stands for not set: Compose cannot leave out a variable that only some hosts have.
        Object.entries(environment).flatMap(([key, value]): [string, string][] =>
          value ? [[key, value]] : [],
        ),
      );
      return [
        name,
        {
          args: isOurs ? command.slice(1) : command,
          environment: { ...(isOurs && IMAGE_ENVIRONMENT), ...given },
        },
      ];
    }),
  );
}

/** What the chart of Kubernetes starts. */
function kubernetesComponents(root: string): ReadonlyMap<string, Started> {
  return new Map(
    Object.entries(chartData(root).components).map(([name, { args, env, image }]) => {
      const isOurs = image.tag === undefined;
      return [
        name,
        { args: isOurs ? args.slice(1) : args, environment: { ...(isOurs && IMAGE_ENVIRONMENT), ...env } },
      ];
    }),
  );
}

export interface EngineComparison {
  /** Components that both engines run. */
  readonly compared: readonly string[];
  /** Services that only Compose needs, as the native engine's start does their work itself. */
  readonly onlyCompose: readonly string[];
  readonly onlyNative: readonly string[];
  readonly differences: readonly Difference[];
  /** Between Compose, as the one, and Kubernetes, as the other. */
  readonly kubernetes: {
    readonly compared: readonly string[];
    readonly onlyCompose: readonly string[];
    readonly differences: readonly Difference[];
  };
}

/** What the native engine, and Kubernetes, do differently from `docker compose up` for each component. */
export function compareEngines(root: string): EngineComparison {
  const native = nativeComponents(root);
  const compose = composeComponents(root);
  const kubernetes = kubernetesComponents(root);
  const compared = [...native.keys()].filter((name) => compose.has(name));
  return {
    compared,
    onlyCompose: [...compose.keys()].filter((name) => !native.has(name)),
    onlyNative: [...native.keys()].filter((name) => !compose.has(name)),
    differences: compared.flatMap((name) => {
      const one = native.get(name) as Started;
      const other = compose.get(name) as Started;
      // Grafana's image brings its own arguments.
      const comparable = name === 'grafana' ? { ...one, args: other.args } : one;
      return differences(name, comparable, other).filter((each) => !NOT_CONFIGURATION.has(each.name));
    }),
    kubernetes: {
      compared: [...kubernetes.keys()],
      onlyCompose: [...compose.keys()].filter((name) => !kubernetes.has(name)),
      differences: [...kubernetes].flatMap(([name, started]) =>
        differences(name, compose.get(name) ?? { args: [], environment: {} }, started),
      ),
    },
  };
}
