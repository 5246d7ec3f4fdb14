/**
 * `node stack/kubernetes/kustomize/generate.ts [--check]`: the base of k8s/kustomize, which is the chart as Helm renders it. Without
 * a Helm at the pinned version, on the PATH or in the cache, it says so and leaves the base as it is.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { execa } from 'execa';
import { presentBinaries } from '../../native/binaries/provide.ts';
import { helmRecipe } from '../../native/binaries/recipes.ts';
import { readSettings } from '../../settings.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const file = join('k8s', 'kustomize', 'base', 'platform.generated.yaml');
const values = join('k8s', 'kustomize', 'base', 'values.yaml');
const chart = join('k8s', 'helm', 'aiops-sre-observability');

const check = process.argv.includes('--check');
const helm = (await presentBinaries(readSettings(root, process.env), helmRecipe, process.env.PATH ?? ''))
  ?.helm;
if (helm) {
  // No tests: they are Helm's own. stderr tells of each link that is followed.
  const { stdout } = await execa(helm, ['template', 'aiops', chart, '--values', values, '--no-hooks'], {
    cwd: root,
    maxBuffer: 64 * 1024 ** 2,
  });
  const text = `# Made of the chart by npm run generate. DO NOT EDIT.\n${stdout}\n`;
  if (readFileSync(join(root, file), { encoding: 'utf8', flag: 'a+' }) !== text) {
    print(`${check ? 'not up to date' : 'written'}: ${file}`);
    if (!check) writeFileSync(join(root, file), text);
    else {
      printError('Run `npm run generate` and commit what it writes.');
      process.exitCode = 1;
    }
  }
} else {
  print(`${file} is left as it is: no Helm ${helmRecipe.version} here. npm run test:kubernetes builds it.`);
}
