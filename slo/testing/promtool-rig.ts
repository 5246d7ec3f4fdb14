import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { parse, stringify } from 'yaml';
import { findPromtool, type PromtoolResult, runPromtool } from '../checking/promtool.ts';
import { generateFiles } from '../generated/generate.ts';
import { readDefinitions } from '../reading/read-definitions.ts';
import type { RuleTest } from '../rule-tests/test-file.ts';
import { DEFAULT_LINK_BASES } from '../rules/links.ts';
import type { RuleFile } from '../rules/rule-file.ts';

/** promtool for tests; `npm test` provides it, a single vitest run may have none. */
export const promtool = findPromtool(process.env);
if (promtool === undefined)
  printError('Tests that need promtool are skipped: it is neither on the PATH nor named by PROMTOOL.');

export interface RuleTestRun {
  readonly definition: string;
  readonly evaluationInterval: string;
  /** Which groups of the generated file to evaluate, as they are there; all without it. Days every 15 s are slow. */
  readonly groups?: readonly ('page' | 'ticket' | 'period')[];
  readonly tests: readonly (RuleTest & { readonly alert_rule_test?: readonly unknown[] })[];
}

/** Generates a definition's files, checks its rules and runs tests against them, in a folder of their own. */
export async function runRuleTests({
  definition,
  evaluationInterval,
  groups = ['page', 'ticket', 'period'],
  tests,
}: RuleTestRun): Promise<PromtoolResult> {
  return await inGeneratedFolder(definition, async (folder, run) => {
    const order = groups.map((group) => `slo-shop-calls-${group}`);
    const generated: RuleFile = parse(await readFile(join(folder, 'shop-calls.rules.yml'), 'utf8'));
    const evaluated = { groups: generated.groups.filter(({ name }) => order.includes(name)) };
    await writeFile(join(folder, 'evaluated.rules.yml'), stringify(evaluated, { lineWidth: 0 }));
    const content = {
      rule_files: [
        groups.length === generated.groups.length ? 'shop-calls.rules.yml' : 'evaluated.rules.yml',
      ],
      evaluation_interval: evaluationInterval,
      group_eval_order: order,
      tests,
    };
    await writeFile(join(folder, 'own.test.yml'), stringify(content, { lineWidth: 0 }));
    return await run(['test', 'rules', 'own.test.yml']);
  });
}

/** Calls `work` in a folder with everything that is generated from a definition. */
export async function inGeneratedFolder<T>(
  definition: string,
  work: (folder: string, run: (args: readonly string[]) => Promise<PromtoolResult>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'slo-rules-'));
  try {
    const definitions = readDefinitions([{ file: 'shop.yaml', text: definition }]);
    for (const [name, text] of generateFiles(definitions, DEFAULT_LINK_BASES))
      await writeFile(join(folder, name), text);
    return await work(folder, (args) => runPromtool(promtool!, args, { folder }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
