/**
 * `npm run test:kubernetes [-- FILE...]`: the chart and the overlays of k8s/ rendered and held against Kubernetes' own schemas
 * and rules, and then, with the operator, against its real API server, without a node. Where KUBERNETES_CONTEXT names a cluster, it is
 * installed there, too, in namespaces that are deleted afterwards. The last line counts: `N passed, N failed`.
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
const named = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };

async function run(config: string): Promise<void> {
  const step = vitest('kubernetes', '--config', config, '--passWithNoTests', ...named);
  const environment = Object.fromEntries(
    Object.entries(binaries).map(([name, path]) => [name.toUpperCase().replaceAll('-', '_'), path]),
  );
  const outcome = await step.run({
    root,
    environment: { ...environment, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }) },
    signal: abort.signal,
  });
  for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += outcome[key];
}

await run('checks/kubernetes/vitest.config.ts');
if (process.env.KUBERNETES_CONTEXT) await run('checks/kubernetes/cluster/vitest.config.ts');
else print('What needs a cluster is not run here: KUBERNETES_CONTEXT names none.');
const { passed, failed, skipped } = total;
print(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
