/** Writes the configuration that docker-compose.scale.yml mounts in place of the usual; --check: tells what is stale. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { parse } from 'yaml';
import { pipelineAlone, usedAlone } from './collector-pipelines.ts';
import { distributedConfiguration, thanosAlerting, yamlFile } from './distributed-configuration.ts';
import { withOtherTargets } from './other-targets.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

const distributed = (
  single: string,
  patch: string,
  finish: (configuration: unknown) => unknown = (configuration) => configuration,
) => yamlFile(finish(distributedConfiguration(read(single), read(patch))), `${single} and ${patch}`);
const { alertmanagers, relabelling } = thanosAlerting(read('prometheus/prometheus.yml'));
const collector = 'otel-collector/config.yaml';

const files = {
  'prometheus/prometheus.distributed.generated.yml': distributed(
    'prometheus/prometheus.yml',
    'prometheus/distributed.yaml',
    withOtherTargets,
  ),
  'prometheus/thanos/alertmanagers.generated.yml': alertmanagers,
  'prometheus/thanos/alert-relabelling.generated.yml': relabelling,
  'loki/loki.distributed.generated.yaml': distributed('loki/loki.yaml', 'loki/distributed.yaml'),
  'tempo/tempo.distributed.generated.yaml': distributed('tempo/tempo.yaml', 'tempo/distributed.yaml'),
  'otel-collector/gateway.generated.yaml': distributed(collector, 'otel-collector/gateway.yaml', usedAlone),
  'otel-collector/config.distributed.generated.yaml': distributed(
    collector,
    'otel-collector/distributed.yaml',
    usedAlone,
  ),
  'otel-collector/host.generated.yaml': yamlFile(
    pipelineAlone(parse(read(collector), { merge: true }), 'metrics/host'),
    collector,
  ),
};

for (const [file, wanted] of Object.entries(files)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(join(root, file), wanted);
  } else if (read(file) !== wanted) {
    printError(`${file} is not what its sources make; run npm run generate and commit it`);
    process.exitCode = 1;
  }
}
