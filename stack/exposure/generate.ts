/** Writes the configuration that docker-compose.expose.yml mounts in place of the usual; --check: tells what is stale. */

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { exposedDataSources, exposedPrometheusConfiguration } from './exposed-configuration.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const files = [
  {
    source: 'prometheus/prometheus.yml',
    file: 'prometheus/prometheus.exposed.generated.yml',
    make: exposedPrometheusConfiguration,
  },
  {
    source: 'grafana/provisioning/datasources/telemetry.yaml',
    file: 'grafana/data-sources.exposed.generated.yaml',
    make: exposedDataSources,
  },
];

for (const { source, file, make } of files) {
  const wanted = make(readFileSync(join(root, source), 'utf8'));
  if (!process.argv.includes('--check')) {
    writeFileSync(join(root, file), wanted);
  } else if (readFileSync(join(root, file), 'utf8') !== wanted) {
    printError(`${file} is not what ${source} makes; run npm run generate and commit it`);
    process.exitCode = 1;
  }
}
