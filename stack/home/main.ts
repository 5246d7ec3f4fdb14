/** `npm run init-home`, `npm run check-home`, `npm run -s home -- apply`: what its user adds to the platform. */

import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endpoint } from '@aiops-sre/service-kit/platform/ports.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { describeProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { Command } from 'commander';
import { type Binaries, presentBinaries } from '../native/binaries/provide.ts';
import { recipes } from '../native/binaries/recipes.ts';
import { layout as layoutOf } from '../native/layout.ts';
import { shippedOf } from '../native/take-in.ts';
import { readSettings, type Settings } from '../settings.ts';
import { readState } from '../state.ts';
import { applyHome } from './apply.ts';
import { initHome } from './init.ts';
import { readHome } from './read-home.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** promtool and amtool where they are at hand: nothing is fetched or built for a check. */
async function checkers(settings: Settings): Promise<Binaries> {
  const found = await Promise.all(
    recipes(settings.versions)
      .filter(({ name }) => name === 'prometheus' || name === 'alertmanager')
      .map((recipe) => presentBinaries(settings, recipe, process.env.PATH ?? '')),
  );
  return Object.assign({}, ...found);
}

async function check(json: boolean): Promise<void> {
  const settings = readSettings(root, process.env);
  const { promtool, amtool } = await checkers(settings);
  const { counts, problems } = await readHome({
    home: settings.home,
    shipped: shippedOf(settings),
    demo: readState(layoutOf(settings).stateFile)?.demo ?? true,
    promtool,
    amtool,
  });
  const told = problems.map((problem) => ({ ...problem, file: relative(process.cwd(), problem.file) }));
  if (json) print(JSON.stringify({ home: settings.home, taken: counts, problems: told }));
  else {
    for (const problem of told) printError(describeProblem(problem));
    const taken = Object.entries(counts).filter(([, count]) => count > 0);
    print(
      `${settings.home}: ${taken.map(([part, count]) => `${part} ${count}`).join(', ') || 'nothing yet'}; ` +
        `${problems.length} problem${problems.length === 1 ? '' : 's'}`,
    );
    const without = [...(promtool ? [] : ['promtool']), ...(amtool ? [] : ['amtool'])];
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
