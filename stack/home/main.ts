/** `npm run init-home`, `npm run check-home`, `npm run -s home -- apply`: what its user adds to the platform. */

import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endpoint } from '@aiops-sre/service-kit/platform/ports.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { describeProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { Command } from 'commander';
import { readSettings } from '../settings.ts';
import { applyHome } from './apply.ts';
import { checkHome } from './check.ts';
import { initHome } from './init.ts';
import { countsInWords } from './take-in.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

async function check(json: boolean): Promise<void> {
  const settings = readSettings(root, process.env);
  const { counts, problems, without } = await checkHome(settings, process.env.PATH ?? '');
  const told = problems.map((problem) => ({ ...problem, file: relative(process.cwd(), problem.file) }));
  if (json) print(JSON.stringify({ home: settings.home, taken: counts, problems: told }));
  else {
    for (const problem of told) printError(describeProblem(problem));
    print(
      `${settings.home}: ${countsInWords(counts) || 'nothing yet'}; ` +
        `${problems.length} problem${problems.length === 1 ? '' : 's'}`,
    );
    if (without.length > 0)
      print(`Without ${without.join(' and ')}, so not all was checked: the first npm start brings them.`);
  }
  if (problems.length > 0) process.exitCode = 1;
}

const program = new Command('home').description('What its user adds to the platform: my/, or AIOPS_HOME.');
program
  .command('init')
  .description('makes the folder, with a README and an example in each of its folders')
  .action(() => {
    const { home } = readSettings(root, process.env);
    const made = initHome(home);
    print(made.length === 0 ? `${home} has everything already.` : `Made in ${home}:\n  ${made.join('\n  ')}`);
  });
program
  .command('check')
  .description('says everything that is wrong with it: file, what was found, what is possible')
  .option('--json', 'one object', false)
  .action(({ json }: { json: boolean }) => check(json));
program
  .command('apply')
  .description('has the running platform take it in')
  .action(async () => {
    const settings = readSettings(root, process.env);
    const applied = await applyHome({ settings, write: print });
    if (!applied) print('Nothing is running: the next npm start takes it in.');
    else print(`Taken in. Alerts: ${endpoint(settings, 'prometheus')}/api/v1/rules`);
  });

try {
  await program.parseAsync();
} catch (error) {
  printError((error as Error).message);
  process.exitCode = 1;
}
