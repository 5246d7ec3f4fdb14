import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readSloIndex } from '@aiops-sre/slo/generated/committed-index.ts';

/** Where what the platform ships stands, beside which the files of a home folder come. */
export interface ShippedFolders {
  readonly prometheusFile: string;
  readonly rules: string;
  /** A folder, or one file. */
  readonly anomalyRules: string;
  readonly actions: string;
  readonly runbooks: string;
  readonly dashboards: string;
  readonly alertmanager: string;
}

/** The shipped files of a checkout. */
export function shippedFolders(root: string): ShippedFolders {
  return {
    prometheusFile: join(root, 'prometheus', 'prometheus.yml'),
    rules: join(root, 'prometheus', 'rules'),
    anomalyRules: join(root, 'anomaly-detector', 'rules'),
    actions: join(root, 'incident-responder', 'actions'),
    runbooks: join(root, 'docs', 'runbooks'),
    dashboards: join(root, 'grafana', 'dashboards'),
    alertmanager: join(root, 'alertmanager'),
  };
}

/** Dashboards that show the demo application and nothing else. */
const DEMO_DASHBOARDS = ['application.json', 'fulfillment.json', 'checkout.json', 'database.json'];
/** Rules of the demo beside those of its SLOs. */
const DEMO_RULES = ['checkout.rules.yml', 'database.rules.yml'];
/** Actions that heal workloads of any cluster, while all others switch and restart what is the demo's. */
const CLUSTER_ACTIONS = [
  'cordon-node.yaml',
  'get-image.yaml',
  'raise-cpu-limit.yaml',
  'raise-memory-limit.yaml',
  'restart-pod.yaml',
  'roll-back-workload.yaml',
  'scale-workload.yaml',
];
/** Rules of the detector that name the demo's services. */
const DEMO_ANOMALY_RULES = ['demo.yaml'];

/** Names of the SLOs that the platform ships: all are the demo's. */
export const shippedSlos = (): readonly string[] => readSloIndex().slos.map(({ name }) => name);

const filesOf = (folder: string, ending: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));

/** Of each kind the shipped files that are wanted, by whole path. Without the demo, nothing that names a service of it. */
export function shippedFiles(shipped: ShippedFolders, demo: boolean) {
  const slos = shippedSlos();
  const but = (files: readonly string[], names: readonly string[]) =>
    files.filter((file) => demo || !names.includes(basename(file)));
  return {
    rules: but(filesOf(shipped.rules, '.rules.yml'), [
      ...slos.map((name) => `${name}.rules.yml`),
      ...DEMO_RULES,
    ]),
    anomalyRules: shipped.anomalyRules.endsWith('.yaml')
      ? [shipped.anomalyRules]
      : but(filesOf(shipped.anomalyRules, '.yaml'), DEMO_ANOMALY_RULES),
    actions: filesOf(shipped.actions, '.yaml').filter(
      (file) => demo || CLUSTER_ACTIONS.includes(basename(file)),
    ),
    runbooks: filesOf(shipped.runbooks, '.md'),
    dashboards: but(filesOf(shipped.dashboards, '.json'), DEMO_DASHBOARDS),
  };
}
