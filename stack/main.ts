/**
 * `npm start`, `npm stop`, `npm run status`, `npm run reset`, `npm run backup`, `npm run restore`,
 * `npm run doctor`, `npm run upgrade`.
 */

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { abortOnSignal, INTERRUPTED } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { Command, Option } from 'commander';
import { backup } from './commands/backup.ts';
import { doctor } from './commands/doctor.ts';
import { reset } from './commands/reset.ts';
import { restore } from './commands/restore.ts';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { stop } from './commands/stop.ts';
import { upgrade } from './commands/upgrade.ts';
import { ENGINES } from './engine.ts';
import { readSettings } from './settings.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const abort = abortOnSignal({ onFirst: () => printError('\nStopping ...') });

const context = () => ({
  settings: readSettings(root, process.env),
  environment: process.env,
  signal: abort.signal,
  write: (text: string) => print(text),
});

const program = new Command('stack')
  .description('The observability platform on this host')
  .showHelpAfterError();
program
  .command('start')
  .description('start everything, and return once a request was seen the whole way through')
  .addOption(
    new Option('--engine <engine>', 'default: compose where Docker is, else native').choices([
      ...ENGINES,
      'kubernetes',
    ]),
  )
  .option('--context <name>', "of the Kubernetes engine: kubectl's context (default: the current one)")
  .option('--namespace <name>', 'of the Kubernetes engine (default: observability)')
  .option('--values <file...>', 'of the Kubernetes engine: files with values of the chart', [])
  .option('--no-history', 'begin with empty databases instead of a backfilled history')
  .option('--no-traffic', 'do not start the traffic generator')
  .option('--no-demo', 'the platform alone, without the demo application; remembered until --demo')
  .option('--demo', 'with the demo application again')
  .option('--foreground', 'stay, and stop everything on Ctrl-C (native engine)', false)
  .action((options) => start(context(), options));
program
  .command('stop')
  .description('end everything; data stays')
  .action(() => stop(context()));
program
  .command('status')
  .description('what runs, how the SLOs stand, open incidents, alerts and anomalies')
  .option('--json', 'one JSON object; with --watch one a line', false)
  .option('--watch', 'again every two seconds, until Ctrl-C', false)
  .action((options) => status(context(), options));
program
  .command('reset')
  .description('end everything and delete its data; asks first')
  .option('--yes', 'do not ask', false)
  .action((options) => reset(context(), options));
program
  .command('backup')
  .description('write all data into one file; what runs goes on')
  .argument('<file>')
  .addOption(new Option('--engine <engine>', 'default: that which is here').choices([...ENGINES]))
  .option('--with-secrets', 'passwords, tokens and keys, too', false)
  .action((file, options) => backup(context(), file, options));
program
  .command('restore')
  .description('put a backup in place of all data; asks first')
  .argument('<file>')
  .addOption(
    new Option('--engine <engine>', 'default: that which is here, else that of the backup').choices([
      ...ENGINES,
    ]),
  )
  .option('--yes', 'do not ask', false)
  .action((file, options) => restore(context(), file, options));
program
  .command('doctor')
  .description('look at everything that the platform needs, and say what to do')
  .option('--json', 'one JSON object', false)
  .action((options) => doctor(context(), options));
program
  .command('upgrade')
  .description('back up, go to a newer version, and start what ran')
  .option('--dry-run', 'only say what it would bring, and what stands in its way', false)
  .option('--to <version>', 'a tag or commit; default: the branch that this one follows')
  .option('--yes', 'do not ask', false)
  .action((options) => upgrade(context(), options));

try {
  await program.parseAsync();
} catch (error) {
  if (abort.signal.aborted) {
    process.exitCode = INTERRUPTED;
  } else {
    printError(`\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
