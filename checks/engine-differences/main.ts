/** `npm run -s engines:diff`: what differs between the engines. Exits with 1 if it is more than addresses. */

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import type { Difference } from './differences.ts';
import { compareEngines } from './engines.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { compared, onlyCompose, onlyNative, differences: native, kubernetes } = compareEngines(root);

const shown = (name: string, value: string | undefined) =>
  value === undefined ? '-' : /_TOKEN$/.test(name) ? '(a secret)' : value;

/** @returns how many are no addresses. */
function tell(engines: readonly [string, string], count: number, found: readonly Difference[]): number {
  const table = plainTable(['component', 'flag or variable', ...engines, 'address']);
  for (const { service, name, one, other, isAddress } of found)
    table.push([service, name, shown(name, one), shown(name, other), isAddress ? 'yes' : 'NO']);
  const others = found.filter(({ isAddress }) => !isAddress).length;
  print(`${table.toString()}\n`);
  print(`${count} components compared: ${found.length - others} addresses differ, and ${others} others.`);
  return others;
}

const others = tell(['native', 'compose'], compared.length, native);
print(
  `Only in docker-compose.yml: ${onlyCompose.join(', ') || 'none'}. Only native: ${onlyNative.join(', ') || 'none'}.\n`,
);
const ofKubernetes = tell(['compose', 'kubernetes'], kubernetes.compared.length, kubernetes.differences);
print(`Only in docker-compose.yml: ${kubernetes.onlyCompose.join(', ')}.`);
process.exitCode = others + ofKubernetes > 0 ? 1 : 0;
