import { join, resolve } from 'node:path';
import { type BackendLogin, readBackendLogin } from '@aiops-sre/service-kit/backends/backend-login.ts';
import { flag, httpUrl } from '@aiops-sre/service-kit/settings/variables.ts';
import { z } from 'zod';
import {
  type OperatorSettings,
  operatorVariables,
  readOperatorSettings,
} from './kubernetes/operator-settings.ts';

const repository = resolve(import.meta.dirname, '..');

/** What incidents and remediation need to know of the world. */
export interface ResponseSettings {
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  /** Of traces and of log lines; without them there are none on an incident. */
  readonly tempoUrl?: string | undefined;
  readonly lokiUrl?: string | undefined;
  /** For links. */
  readonly grafanaUrl?: string | undefined;
  /** Where `npm run -s learn -- --serve` serves flight school, for links. */
  readonly schoolUrl?: string | undefined;
  /** At Prometheus and Alertmanager. */
  readonly backendLogin?: BackendLogin | undefined;
  readonly flagsFile: string;
  readonly actionsDir: string;
  /** How alerts that are not this platform's are graded and told apart. */
  readonly alertMappingFile: string;
  /** What is asked of Prometheus about an incident. */
  readonly evidenceFile: string;
  /** Who is on call; without one nobody is. */
  readonly onCallFile?: string | undefined;
  /** Base URLs of the instances that may be restarted. */
  readonly restartableInstances: ReadonlyMap<string, string>;
  /** Lets an instance be restarted, and nothing else. */
  readonly restartToken: string | undefined;
  readonly dispatchDryRun: boolean;
  /** The cluster it is in: of incidents that name another one it asks and does nothing here. */
  readonly clusterName?: string | undefined;
  /** undefined where no cluster is asked anything. */
  readonly cluster?: OperatorSettings | undefined;
  /** Where people reach this responder; for links in postmortems. */
  readonly publicUrl: string;
  /** Of every periodic look, where they are not to keep their own pace (tests). */
  readonly intervalMs?: number;
  readonly verifyEveryMs?: number;
}

const instances = z.string().transform((text, context) => {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  return new Map(
    entries.map((entry) => {
      const [, name, url] = /^([^=]+)=(https?:\/\/[^/]+)\/?$/.exec(entry) ?? [];
      if (name === undefined || url === undefined)
        context.addIssue(`expected NAME=http://HOST:PORT, separated by commas, at ${JSON.stringify(entry)}`);
      return [name ?? '', url ?? ''] as const;
    }),
  );
});

export const responseVariables = {
  PROMETHEUS_URL: httpUrl.default('http://127.0.0.1:9090'),
  ALERTMANAGER_URL: httpUrl.default('http://127.0.0.1:9093'),
  TEMPO_URL: httpUrl.optional(),
  LOKI_URL: httpUrl.optional(),
  GRAFANA_URL: httpUrl.optional(),
  SCHOOL_URL: httpUrl.optional(),
  BACKEND_USER: z.string().optional(),
  BACKEND_PASSWORD_FILE: z.string().optional(),
  FLAGS_FILE: z
    .string()
    .min(1)
    .default(join(repository, 'demo-app', 'flags', 'demo.flagd.json')),
  ACTIONS_DIR: z
    .string()
    .min(1)
    .default(join(repository, 'incident-responder', 'actions')),
  ALERT_MAPPING_FILE: z
    .string()
    .min(1)
    .default(join(repository, 'incident-responder', 'alert-mapping.yaml')),
  EVIDENCE_FILE: z
    .string()
    .min(1)
    .default(join(repository, 'incident-responder', 'evidence', 'queries.yaml')),
  ONCALL_FILE: z.string().min(1).optional(),
  RESTARTABLE_INSTANCES: instances.default(new Map()),
  DISPATCH_DRY_RUN: flag.default(false),
  KUBERNETES_CLUSTER: z.string().min(1).optional(),
  ...operatorVariables,
  PUBLIC_URL: httpUrl.default('http://127.0.0.1:8091'),
};

export function readResponseSettings(
  variables: z.infer<z.ZodObject<typeof responseVariables>>,
  restartToken: string | undefined,
): ResponseSettings {
  return {
    prometheusUrl: variables.PROMETHEUS_URL,
    alertmanagerUrl: variables.ALERTMANAGER_URL,
    tempoUrl: variables.TEMPO_URL,
    lokiUrl: variables.LOKI_URL,
    grafanaUrl: variables.GRAFANA_URL,
    schoolUrl: variables.SCHOOL_URL,
    backendLogin: readBackendLogin(variables),
    flagsFile: resolve(variables.FLAGS_FILE),
    actionsDir: resolve(variables.ACTIONS_DIR),
    alertMappingFile: resolve(variables.ALERT_MAPPING_FILE),
    evidenceFile: resolve(variables.EVIDENCE_FILE),
    onCallFile: variables.ONCALL_FILE === undefined ? undefined : resolve(variables.ONCALL_FILE),
    restartableInstances: variables.RESTARTABLE_INSTANCES,
    restartToken,
    dispatchDryRun: variables.DISPATCH_DRY_RUN,
    clusterName: variables.KUBERNETES_CLUSTER,
    cluster: readOperatorSettings(variables),
    publicUrl: variables.PUBLIC_URL,
  };
}
