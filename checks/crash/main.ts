/**
 * `npm run test:crash [-- --rounds 10] [--components NAME,...] [--rate 200]`: kill -9 of each component in turn, under load,
 * on a stack of its own; everything that was acknowledged is looked for afterwards. Ends with a table of what was lost; the
 * last line counts its cells: `N passed, N failed`.
 */

import { join } from 'node:path';
import { abortOnSignal } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { seededRandom } from '@aiops-sre/service-kit/random/seeded-random.ts';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { wholeNumber } from '@aiops-sre/stack/commands/whole-number.ts';
import { withOwnStack } from '@aiops-sre/stack/testing/with-own-stack.ts';
import { Command, InvalidArgumentError } from 'commander';
import { stackUnderTest } from '../testing/stack-under-test.ts';
import { wrongInTheEnd } from './checkout-books.ts';
import { COMPONENTS } from './kill.ts';
import { kinds as kindsOf } from './kinds.ts';
import { cells } from './losses.ts';
import { type OneKill, oneKill } from './one-kill.ts';
import { report } from './report.ts';
import { STATED } from './stated.ts';

/** Of one kill with all that follows, on average. */
const LIMIT_A_KILL_MS = 90_000;

const known = (text: string): readonly string[] => {
  const names = text.split(',');
  const unknown = names.find((name) => !(COMPONENTS as readonly string[]).includes(name));
  if (unknown === undefined) return names;
  throw new InvalidArgumentError(`there is no ${unknown}; possible: ${COMPONENTS.join(', ')}`);
};
const { rounds, components, rate, seed } = new Command('npm run test:crash --')
  .option('--rounds <number>', 'how often each component is killed', wholeNumber, 10)
  .option('--components <names>', 'which, separated by commas', known, COMPONENTS)
  .option('--rate <number>', 'requests a second to the storefront meanwhile', wholeNumber, 200)
  .option('--seed <number>', 'of the moments of the kills', wholeNumber, 1)
  .parse()
  .opts<{ rounds: number; components: readonly string[]; rate: number; seed: number }>();

const abort = abortOnSignal();

const kills: OneKill[] = [];
const problems: string[] = [];
const root = join(import.meta.dirname, '..', '..');
await withOwnStack({ root, signal: abort.signal, startArguments: ['--no-history'] }, async (environment) => {
  setTimeout(
    () => {
      problems.push(`not done after ${(rounds * components.length * LIMIT_A_KILL_MS) / 60_000} minutes`);
      abort.abort();
    },
    rounds * components.length * LIMIT_A_KILL_MS,
  ).unref();
  Object.assign(process.env, environment);
  const stack = stackUnderTest();
  const kinds = kindsOf(stack);
  const random = seededRandom(seed);
  for (let round = 1; round <= rounds; round += 1)
    for (const killed of components) {
      if (abort.signal.aborted) return;
      try {
        const kill = await oneKill({
          stack,
          kinds,
          killed,
          requestsPerSecond: rate,
          random,
          signal: abort.signal,
        });
        kills.push(kill);
        const lost = kill.losses.flatMap((loss) => (loss.lost > 0 ? [`${loss.lost} ${loss.kind}`] : []));
        print(
          `round ${round}: ${killed} ready again after ${kill.readyAfterSeconds.toFixed(1)} s; lost: ${lost.join(', ') || 'nothing'}`,
        );
      } catch (error) {
        problems.push(`round ${round}: ${killed}: ${(error as Error).message}`);
      }
    }
  if (!abort.signal.aborted) problems.push(...(await wrongInTheEnd(stack)));
}).catch((error: Error) => problems.push(error.message));

const table = cells(
  kills.flatMap(({ losses }) => losses),
  STATED,
);
print(`\n${report(kills, table)}\n`);
for (const problem of problems) print(problem);
const all = [...table.values()].flatMap((row) => [...row.values()]);
const failed = all.filter(({ passed }) => !passed).length + problems.length;
print(`${all.length - all.filter(({ passed }) => !passed).length} passed, ${failed} failed`);
process.exitCode = failed > 0 || all.length === 0 ? 1 : 0;
