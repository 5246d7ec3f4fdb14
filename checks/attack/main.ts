/**
 * `npm run test:attack [-- FILE...]`: attacks on a stack of its own, by who lives on the same machine, in its browser or on
 * its wire. Ends with a table of what was tried and how it was refused; the last line counts: `N passed, N failed`.
 */

import { join } from 'node:path';
import { abortOnSignal } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { onOwnStack, vitest } from '../steps.ts';

/** Of all of it, the start of the stack included. */
const LIMIT_MS = 10 * 60_000;

const root = join(import.meta.dirname, '..', '..');
const abort = abortOnSignal();
setTimeout(() => {
  printError(`not done after ${LIMIT_MS / 60_000} minutes`);
  abort.abort();
}, LIMIT_MS).unref();

const step = vitest('attack', '--config', 'checks/attack/vitest.config.ts', ...process.argv.slice(2));
const outcome = await onOwnStack(step, ['--no-history']).run({
  root,
  environment: process.stdout.isTTY ? {} : { NO_COLOR: '1' },
  signal: abort.signal,
});
const table = plainTable(['attack', 'what was tried', 'refused how']);
for (const { attack, tried, refused } of outcome.attacks ?? [])
  table.push([attack, tried, refused ?? 'NOT REFUSED']);
print(`\n${table.toString()}\n`);
const { passed, failed, skipped } = outcome;
print(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 || abort.signal.aborted ? 1 : 0;
