/** Builds every binary that the suites use and the PATH lacks, and the examples, so that no suite waits for a compiler or skips for want of one. */

import { resolve } from 'node:path';
import { EXAMPLES } from '@aiops-sre/checks/stack/examples/example-services.ts';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { provideBinaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import {
  clusterRecipes,
  k6Recipe,
  kubernetesRecipes,
  recipes,
  testRecipes,
} from '@aiops-sre/stack/native/binaries/recipes.ts';
import { Progress } from '@aiops-sre/stack/progress.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';

const settings = readSettings(resolve(import.meta.dirname, '..'), process.env);
const { versions } = settings;
await provideBinaries({
  settings,
  recipes: [
    ...recipes(versions),
    ...testRecipes(versions),
    k6Recipe(versions),
    ...kubernetesRecipes,
    ...clusterRecipes(versions).filter(({ name }) => name === 'otelcol-k8s'),
  ],
  path: process.env.PATH ?? '',
  progress: new Progress((line) => print(line)),
  signal: new AbortController().signal,
});
for (const example of EXAMPLES) await example.prepare(settings);
