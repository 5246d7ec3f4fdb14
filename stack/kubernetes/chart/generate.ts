/** `node stack/kubernetes/chart/generate.ts [--check]`: what the chart's templates read of docker-compose.yml, and the table of its values. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { stringify } from 'yaml';
import { chartData } from './components.ts';
import { withValuesTable } from './values-table.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const chart = join('k8s', 'helm', 'aiops-sre-observability');

const read = (file: string) => readFileSync(join(root, chart, file), 'utf8');
const wanted: Readonly<Record<string, string>> = {
  'files/components.generated.yaml': `# Made of docker-compose.yml by npm run generate. DO NOT EDIT.\n${stringify(chartData(root), { lineWidth: 0, aliasDuplicateObjects: false })}`,
  'README.md': withValuesTable(read('README.md'), read('values.yaml'), read('values.schema.json')),
};

const check = process.argv.includes('--check');
for (const [file, text] of Object.entries(wanted)) {
  const present = (() => {
    try {
      return read(file);
    } catch {
      return undefined;
    }
  })();
  if (present === text) continue;
  print(`${check ? 'not up to date' : 'written'}: ${join(chart, file)}`);
  if (check) process.exitCode = 1;
  else writeFileSync(join(root, chart, file), text);
}
if (process.exitCode === 1) printError('Run `npm run generate` and commit what it writes.');
