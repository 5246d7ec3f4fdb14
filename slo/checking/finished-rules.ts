import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileError, type FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { parse } from 'yaml';
import {
  foreignPlaceholder,
  hasWindowPlaceholder,
  syntaxError,
  WINDOW_PLACEHOLDER,
} from '../promql/promql.ts';
import type { RuleFile } from '../rules/rule-file.ts';
import { runPromtool } from './promtool.ts';

const FILES_A_RUN = 200;

/**
 * The finished files as Prometheus will read them: as YAML, each expression by its grammar and, with promtool, by its types
 * and each template. @throws FileError
 */
export async function checkFinishedRules(
  files: ReadonlyMap<string, string>,
  promtool: string | undefined,
): Promise<void> {
  const rules = [...files].filter(([name]) => name.endsWith('.rules.yml'));
  const problems = rules.flatMap(([name, text]) => grammarProblems(name, text));
  if (problems.length === 0 && promtool !== undefined)
    problems.push(...(await promtoolProblems(rules, promtool)));
  if (problems.length > 0) throw new FileError(problems);
}

const POSSIBLE =
  "queries of the definition that Prometheus takes; if they are fine, this is the generator's fault";

function grammarProblems(file: string, text: string): FileProblem[] {
  return (parse(text) as RuleFile).groups.flatMap(({ name, rules }) =>
    rules.flatMap((rule): FileProblem[] => {
      const placeholder =
        foreignPlaceholder(rule.expr) ?? (hasWindowPlaceholder(rule.expr) ? WINDOW_PLACEHOLDER : undefined);
      const error = placeholder === undefined ? syntaxError(rule.expr) : { near: placeholder };
      if (!error) return [];
      const path = `${name}.${'record' in rule ? rule.record : rule.alert}`;
      return [
        {
          file,
          path,
          found: `an expression that does not parse near ${JSON.stringify(error.near)}`,
          possible: POSSIBLE,
        },
      ];
    }),
  );
}

async function promtoolProblems(
  rules: readonly (readonly [name: string, text: string])[],
  promtool: string,
): Promise<FileProblem[]> {
  const folder = await mkdtemp(join(tmpdir(), 'slo-finished-'));
  try {
    for (const [name, text] of rules) await writeFile(join(folder, name), text);
    const names = rules.map(([name]) => name);
    const runs = Array.from({ length: Math.ceil(names.length / FILES_A_RUN) }, (_, run) =>
      names.slice(run * FILES_A_RUN, (run + 1) * FILES_A_RUN),
    );
    const problems: FileProblem[] = [];
    for (const some of runs) {
      const { passed } = await runPromtool(promtool, ['check', 'rules', '--lint=none', ...some], { folder });
      if (passed) continue;
      for (const file of some) {
        const { passed: alone, output } = await runPromtool(
          promtool,
          ['check', 'rules', '--lint=none', file],
          { folder },
        );
        if (!alone) problems.push({ file, path: '', found: refusal(output), possible: POSSIBLE });
      }
    }
    return problems;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** promtool's reasons without the names of its files. */
function refusal(output: string): string {
  const reasons = output.split('\n').map((line) => line.trim().replace(/^.*\.rules\.yml: /, ''));
  return `what promtool refuses: ${[...new Set(reasons)]
    .filter((line) => line !== '' && !/^(Checking|SUCCESS|FAILED)/.test(line))
    .slice(0, 3)
    .join('; ')}`;
}
