import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command/command-context.ts';
import { DEFAULT_LINK_BASES } from '../rules/links.ts';
import { exportedRules, RULE_FORMATS, type RuleFormat } from './rule-formats.ts';

interface ExportFlags {
  readonly format: RuleFormat;
  readonly out: string;
  readonly pageInterval: string;
  readonly namespace?: string;
  readonly label: Readonly<Record<string, string>>;
}

/** `slo export`: the rules in the form of an operator or of another ruler. */
export function addExportCommand(program: Command, { options, load }: CommandContext): void {
  const { workingFolder, out } = options;
  program
    .command('export')
    .argument('<files...>', 'OpenSLO files')
    .addOption(new Option('--format <format>', 'whom for').choices(RULE_FORMATS).makeOptionMandatory())
    .requiredOption('--out <folder>', 'where the files go, one an SLO')
    .option('--page-interval <duration>', 'how often pages are evaluated', '15s')
    .option('--namespace <name>', 'of Kubernetes objects')
    .option(
      '--label <name=value>',
      'of Kubernetes objects, for the selector of an operator; may be repeated',
      label,
      {},
    )
    .description('writes the rules as PrometheusRule, or for the rulers of Mimir and Thanos')
    .action(async (files: string[], flags: ExportFlags) => {
      const { slos } = await load(files);
      const folder = resolve(workingFolder, flags.out);
      await mkdir(folder, { recursive: true });
      for (const slo of slos) {
        const path = join(folder, `${slo.name}.${flags.format}.yaml`);
        const { pageInterval, namespace, label: labels } = flags;
        await writeFile(
          path,
          exportedRules(slo, flags.format, { links: DEFAULT_LINK_BASES, pageInterval, namespace, labels }),
        );
        out(relative(workingFolder, path));
      }
    });
}

function label(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [name, ...value] = text.split('=');
  if (!name || value.length === 0) throw new InvalidArgumentError(`Expected name=value, got ${text}.`);
  return { ...before, [name]: value.join('=') };
}
