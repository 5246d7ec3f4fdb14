/** `npm run -s deploy -- VERSION`, `-- --abort`, `-- status`: versions of the storefront, brought out in steps. */

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { durationMs } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { abortOnSignal } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { Command, InvalidArgumentError } from 'commander';
import { confirmed } from '../commands/confirmed.ts';
import { wholeNumber } from '../commands/whole-number.ts';
import { readSettings } from '../settings.ts';
import { abortDeployment, deploy, deploymentStatus } from './deploy-command.ts';
import { SHARES, stepsFrom } from './plan.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const MIN_BAKE_MS = 12_000;

const abort = abortOnSignal({ onFirst: () => printError('\nTaking it back ...') });

const context = () => ({
  settings: readSettings(root, process.env),
  environment: process.env,
  signal: abort.signal,
  write: (text: string) => print(text),
});

interface Flags {
  readonly canary?: number;
  readonly steps: readonly number[];
  readonly bake: number;
  readonly minimum: number;
  readonly alpha: number;
  readonly fix: boolean;
  readonly override?: string;
  readonly abort: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

const program = new Command('deploy').description('Versions of the storefront, brought out in steps.');
program
  .command('to', { isDefault: true, hidden: true })
  .argument('[version]', 'name or number of one of demo-app/versions')
  .option('--canary <percent>', `share of the first step: ${SHARES.join(', ')}`, share)
  .option('--steps <percents>', 'shares, one after the other', shares, [10, 50, 100])
  .option('--bake <duration>', 'how long each step is looked at, at least', bake, 60_000)
  .option('--minimum <requests>', 'of the canary, that each step has to have seen', wholeNumber, 30)
  .option(
    '--alpha <chance>',
    'that a version as good as the stable one is rolled back, at most',
    chance,
    0.01,
  )
  .option('--fix', 'it makes the storefront more reliable: goes out on a spent error budget, too', false)
  .option('--override <reason>', 'goes out on a spent error budget; written down')
  .option('--abort', 'end the deployment that runs, or clean up after one that was cut off', false)
  .option('--yes', 'do not ask', false)
  .option('--json', 'one object at the end instead of text', false)
  .action(async (version: string | undefined, flags: Flags) => {
    if (flags.abort) return await abortDeployment(context());
    if (version === undefined) throw new Error('which version? npm run -s deploy -- VERSION');
    // Only a terminal can be asked; a pipeline has decided.
    if (process.stdin.isTTY && !flags.yes && !(await confirmed(`Deploy ${version}?`, '--yes', abort.signal)))
      return;
    const { canary, steps, bake: bakeMs, minimum: minimumRequests, alpha, override } = flags;
    await deploy(context(), version, {
      plan: { steps: stepsFrom(canary, steps), bakeMs, minimumRequests, alpha },
      isFix: flags.fix,
      override,
      json: flags.json,
    });
  });
program
  .command('status')
  .description('what runs, what is being deployed, and what has been')
  .option('--json', 'one object instead of text', false)
  .action((flags: { json: boolean }) => deploymentStatus(context(), flags.json));

try {
  await program.parseAsync();
} catch (error) {
  printError((error as Error).message);
  process.exitCode = 1;
}

function share(text: string): number {
  const percent = Number(text.replace(/%$/, ''));
  if ((SHARES as readonly number[]).includes(percent)) return percent;
  throw new InvalidArgumentError(`Expected one of ${SHARES.join(', ')}, got ${text}.`);
}

function shares(text: string): readonly number[] {
  const steps = text.split(',').map(share);
  if (steps.every((each, index) => index === 0 || each > steps[index - 1]!)) return steps;
  throw new InvalidArgumentError(`Expected rising shares such as 10,50,100, got ${text}.`);
}

function bake(text: string): number {
  const ms = durationMs(text);
  if (ms !== undefined && ms >= MIN_BAKE_MS) return ms;
  throw new InvalidArgumentError(
    `Expected a duration of at least ${MIN_BAKE_MS / 1000}s, such as 2m, got ${text}.`,
  );
}

function chance(text: string): number {
  const alpha = Number(text);
  if (alpha > 0 && alpha <= 0.5) return alpha;
  throw new InvalidArgumentError(`Expected a number above 0 and up to 0.5, got ${text}.`);
}
