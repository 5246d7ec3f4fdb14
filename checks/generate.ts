/** `npm run generate`: every file that is made from others. `npm test` tells when one is stale. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const definitions = readdirSync(join(root, 'slo', 'definitions'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => join('slo', 'definitions', file));
const run = (...args: string[]) => execa(process.execPath, args, { cwd: root, stdio: 'inherit' });

await run('slo/main.ts', 'generate', ...definitions, '--out', join('prometheus', 'rules'));
await run('grafana/generate.ts');
await run('stack/exposure/generate.ts');
await run('stack/scale/generate.ts');
await run('stack/kubernetes/chart/generate.ts');
await run('stack/kubernetes/kustomize/generate.ts');
await run('checks/pictures/generate.ts');
