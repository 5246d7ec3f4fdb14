/** Writes the configuration that docker-compose.scale.yml mounts in place of the usual; --check: tells what is stale. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { distributedConfiguration, thanosAlerting } from './distributed-configuration.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

const distributed = (single: string, patch: string) =>
  distributedConfiguration(read(single), read(patch), [single, patch]);
const { alertmanagers, relabelling } = thanosAlerting(read('prometheus/prometheus.yml'));

const files = {
  'prometheus/prometheus.distributed.generated.yml': distributed(
    'prometheus/prometheus.yml',
    'prometheus/distributed.yaml',
  ),
  'prometheus/thanos/alertmanagers.generated.yml': alertmanagers,
  'prometheus/thanos/alert-relabelling.generated.yml': relabelling,
  'loki/loki.distributed.generated.yaml': distributed('loki/loki.yaml', 'loki/distributed.yaml'),
  'tempo/tempo.distributed.generated.yaml': distributed('tempo/tempo.yaml', 'tempo/distributed.yaml'),
};

for (const [file, wanted] of Object.entries(files)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(join(root, file), wanted);
  } else if (read(file) !== wanted) {
    printError(`${file} is not what its sources make; run npm run generate and commit it`);
    process.exitCode = 1;
  }
}
