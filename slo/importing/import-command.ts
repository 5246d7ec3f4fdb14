import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext } from '../command/command-context.ts';
import { importFiles } from './import-files.ts';

/** `slo import`: definitions of files of other tools. */
export function addImportCommand(program: Command, { options, read, fail }: CommandContext): void {
  const { workingFolder, out, err } = options;
  program
    .command('import')
    .argument('<files...>', "Sloth's prometheus/v1 and Kubernetes files, Pyrra's ServiceLevelObjectives")
    .option('--out <file>', 'where the definitions go; otherwise they are printed')
    .description('writes definitions of SLOs of Sloth or Pyrra, and says what could not be kept')
    .action(async (files: string[], flags: { out?: string }) => {
      const { yaml, names, notes, leftOut } = importFiles(await read(files));
      for (const note of notes) err(`not kept: ${note}`);
      for (const reason of leftOut) err(`left out: ${reason}`);
      err(
        `${names.length} SLO${names.length === 1 ? '' : 's'} imported${names.length > 0 ? `: ${names.join(', ')}` : ''}`,
      );
      if (leftOut.length > 0 || names.length === 0) fail();
      if (names.length === 0) return;
      if (flags.out === undefined) out(yaml.trimEnd());
      else await writeFile(resolve(workingFolder, flags.out), yaml);
    });
}
