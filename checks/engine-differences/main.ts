/** `npm run -s engines:diff`: what differs between the two engines. Exits with 1 if it is more than addresses. */

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { compareEngines } from './both-engines.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { compared, onlyCompose, onlyNative, differences } = compareEngines(root);

const table = plainTable(['component', 'flag or variable', 'native', 'compose', 'address']);
const shown = (name: string, value: string | undefined) =>
  value === undefined ? '-' : /_TOKEN$/.test(name) ? '(a secret)' : value;
for (const { service, name, native, compose, isAddress } of differences) {
  const values = [native, compose].map((value) => shown(name, value));
  table.push([service, name, ...values, isAddress ? 'yes' : 'NO']);
}
print(`${table.toString()}\n`);
const others = differences.filter(({ isAddress }) => !isAddress);
print(
  `${compared.length} components compared: ${differences.length - others.length} addresses differ, and ${others.length} others.`,
);
print(
  `Only in docker-compose.yml: ${onlyCompose.join(', ') || 'none'}. Only native: ${onlyNative.join(', ') || 'none'}.`,
);
process.exitCode = others.length > 0 ? 1 : 0;
