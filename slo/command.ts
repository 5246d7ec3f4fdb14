import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { DefinitionError } from './definition-error.ts';
import { generateFiles } from './generate.ts';
import { type DefinitionFile, readDefinitions } from './read-definitions.ts';
import { DEFAULT_LINK_BASES } from './rules/links.ts';

export interface SloCommandOptions {
  /** Folder that relative file names start from. */
  readonly workingFolder: string;
  readonly repository: string;
  /** Path of promtool, where there is one. */
  readonly promtool: string | undefined;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** Runs `slo validate|generate ...`. @returns the exit code: 0 fine, 1 something is wrong with the input, 2 usage */
export async function sloCommand(args: readonly string[], options: SloCommandOptions): Promise<number> {
  const { workingFolder, out, err } = options;
  const program = new Command('slo')
    .description('Turns OpenSLO definitions into Prometheus rules, their tests and an index for dashboards.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => err(text.trimEnd()) });
  program
    .command('validate')
    .argument('<files...>', 'OpenSLO files')
    .description('says what is wrong with definitions: file, path, what was found, what is possible')
    .action(async (files: string[]) => {
      const { slos, warnings } = readDefinitions(await readFiles(workingFolder, files));
      for (const warning of warnings) err(`warning: ${warning}`);
      out(
        `${slos.length} SLO${slos.length === 1 ? '' : 's'} valid: ${slos.map(({ name }) => name).join(', ')}`,
      );
    });
  program
    .command('generate')
    .argument('<files...>', 'OpenSLO files')
    .requiredOption('--out <folder>', 'where the generated files go')
    .option('--runbook-base <url>', 'folder of the runbooks', DEFAULT_LINK_BASES.runbooks)
    .option('--dashboard-base <url>', 'the dashboard of one SLO', DEFAULT_LINK_BASES.dashboard)
    .description('writes NAME.rules.yml for each SLO, and one index')
    .action(async (files: string[], flags: { out: string; runbookBase: string; dashboardBase: string }) => {
      const definitions = readDefinitions(await readFiles(workingFolder, files));
      for (const warning of definitions.warnings) err(`warning: ${warning}`);
      const folder = resolve(workingFolder, flags.out);
      await mkdir(folder, { recursive: true });
      const links = { runbooks: flags.runbookBase, dashboard: flags.dashboardBase };
      for (const [name, content] of generateFiles(definitions, links)) {
        await writeFile(join(folder, name), content);
        out(relative(workingFolder, join(folder, name)) || name);
      }
    });
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof DefinitionError)) throw error;
    err(error.message);
    return 1;
  }
}

async function readFiles(workingFolder: string, files: readonly string[]): Promise<DefinitionFile[]> {
  return await Promise.all(
    files.map(async (file) => {
      try {
        return { file, text: await readFile(resolve(workingFolder, file), 'utf8') };
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT' && code !== 'EISDIR' && code !== 'EACCES') throw error;
        throw new DefinitionError([
          {
            file,
            path: '',
            found: { ENOENT: 'no such file', EISDIR: 'a folder', EACCES: 'no permission' }[code],
            possible: 'OpenSLO files',
          },
        ]);
      }
    }),
  );
}
