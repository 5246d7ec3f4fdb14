/**
 * `npm run test:kubernetes [-- FILE...]`: the chart and the overlays of k8s/ rendered and held against Kubernetes' own schemas
 * and rules, and then, with the operator, against its real API server, without a node. The last line counts: `N passed, N failed`.
 */

import { join } from 'node:path';
import { abortOnSignal } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { provideBinaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import { kubernetesRecipes } from '@aiops-sre/stack/native/binaries/recipes.ts';
import { Progress } from '@aiops-sre/stack/progress.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { vitest } from '../steps.ts';

const root = join(import.meta.dirname, '..', '..');
const abort = abortOnSignal();

const binaries = await provideBinaries({
  settings: readSettings(root, process.env),
  recipes: kubernetesRecipes,
  path: process.env.PATH ?? '',
  progress: new Progress((line) => print(line)),
  signal: abort.signal,
});
const { passed, failed, skipped } = await vitest(
  'kubernetes',
  '--config',
  'checks/kubernetes/vitest.config.ts',
  ...process.argv.slice(2),
).run({
  root,
  environment: {
    ...Object.fromEntries(
      Object.entries(binaries).map(([name, path]) => [name.toUpperCase().replaceAll('-', '_'), path]),
    ),
    ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
  },
  signal: abort.signal,
});
print(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
