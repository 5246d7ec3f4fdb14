import { mkdirSync } from 'node:fs';
import type { ServerProcess } from '@aiops-sre/service-kit/postgres/postgres-server.ts';
import type { Settings } from '../../settings.ts';
import type { Binaries } from '../binaries/provide.ts';
import type { FoundGrafana } from '../grafana.ts';
import type { Layout } from '../layout.ts';
import type { ProcessSpec } from '../supervisor/process-spec.ts';

/** What the processes' command lines and environments are made of. */
export interface ProcessContext {
  readonly settings: Settings;
  readonly layout: Layout;
  readonly binaries: Binaries;
  /** `grafana` binary, where there is one. */
  readonly grafana: FoundGrafana | undefined;
  /** The demo's database, laid out; with the demo. */
  readonly postgres: ServerProcess | undefined;
  /** Whether the traffic generator is wanted. */
  readonly traffic: boolean;
  /** Whether the demo application is. */
  readonly demo: boolean;
  /** Feature flags that the responder may switch. */
  readonly flagsFile: string;
  /** Environment of `npm start`; only {@link INHERITED} of it reaches a component. */
  readonly environment: NodeJS.ProcessEnv;
  readonly revision: string;
}

/** Everything else stays out: a leaked OTEL_EXPORTER_OTLP_ENDPOINT makes Tempo trace itself. */
const INHERITED = ['PATH', 'HOME', 'TZ', 'LANG', 'TMPDIR'] as const;

export const HOST = '127.0.0.1';

/** Completes a spec: checkout as working directory, the inherited part of the environment. */
export function processSpec(
  context: ProcessContext,
  spec: Pick<ProcessSpec, 'name' | 'command' | 'args' | 'readyUrl'> & Partial<ProcessSpec>,
): ProcessSpec {
  const inherited = Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = context.environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    workingDirectory: context.settings.root,
    stopTimeoutMs: 10_000,
    autostart: true,
    ...spec,
    environment: { ...inherited, ...spec.environment },
  };
}

/** Folder of a component's data, made if it is not there. */
export function dataFolder(context: ProcessContext, component: string): string {
  const folder = context.layout.data(component);
  mkdirSync(folder, { recursive: true });
  return folder;
}
