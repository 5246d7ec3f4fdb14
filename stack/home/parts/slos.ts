import { readFileSync } from 'node:fs';
import { FileError, type FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { checkFinishedRules } from '@aiops-sre/slo/checking/finished-rules.ts';
import { retentionProblems } from '@aiops-sre/slo/model/retention.ts';
import {
  type DefinitionFile,
  type Definitions,
  readDefinitions,
} from '@aiops-sre/slo/reading/read-definitions.ts';
import type { LinkBases } from '@aiops-sre/slo/rules/links.ts';
import { generatedYaml } from '@aiops-sre/slo/rules/rule-yaml.ts';
import { sloRules } from '@aiops-sre/slo/rules/slo-rules.ts';
import { type PartContent, readHomeFile } from '../part.ts';

export interface HomeSlos extends PartContent {
  /** Of what is taken, but for burn-in. */
  readonly names: readonly string[];
}

/**
 * The definitions of a home folder as rules, `NAME.rules.yml`. A file in which anything is wrong is left out, with what refers
 * to it; the others count.
 *
 * @param options.taken names that shipped SLOs have.
 * @param options.prometheusFile whose retention holds for their periods.
 * @param options.promtool checks types and templates too, where there is one.
 */
export async function readHomeSlos(options: {
  readonly files: readonly string[];
  readonly taken: readonly string[];
  readonly links: LinkBases;
  readonly prometheusFile: string;
  readonly promtool: string | undefined;
}): Promise<HomeSlos> {
  const { taken, links, prometheusFile, promtool } = options;
  const problems: FileProblem[] = [];
  const texts = options.files.flatMap((file): DefinitionFile[] => {
    const text = attempt(problems, () => readHomeFile(file));
    return text === undefined ? [] : [{ file, text }];
  });
  const definitions = withoutBroken(texts, problems);
  const rules = new Map<string, string>();
  for (const slo of definitions?.slos ?? []) {
    const { name, periodDays } = slo;
    const file = definitions!.files.get(name) ?? name;
    const refuse = (path: string, found: string, possible: string) =>
      problems.push({ file, path, found, possible });
    const kept = retentionProblems({
      slos: [{ name, periodDays }],
      configuration: readFileSync(prometheusFile, 'utf8'),
      file: 'prometheus/prometheus.yml',
    });
    if (taken.includes(name)) refuse('metadata.name', JSON.stringify(name), 'a name that no shipped SLO has');
    else if (kept.length > 0)
      refuse('spec.timeWindow[0].duration', `${periodDays}d`, `no more than Prometheus keeps; ${kept[0]}`);
    else {
      const text = generatedYaml(name, sloRules(slo, links));
      const finished = new Map([[`${name}.rules.yml`, text]]);
      try {
        await checkFinishedRules(finished, undefined);
        rules.set(`${name}.rules.yml`, text);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        problems.push(...error.problems.map((problem) => ({ ...problem, file })));
      }
    }
  }
  if (promtool !== undefined) await withoutRefused(rules, promtool, definitions, problems);
  return {
    files: rules,
    problems,
    names: [...rules.keys()].map((name) => name.replace(/\.rules\.yml$/, '')),
  };
}

function attempt<T>(problems: FileProblem[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

/** Definitions of as many of the files as go together. */
function withoutBroken(files: readonly DefinitionFile[], problems: FileProblem[]): Definitions | undefined {
  let left = files;
  while (left.length > 0) {
    try {
      return readDefinitions(left);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      problems.push(...error.problems);
      const broken = new Set(error.problems.map(({ file }) => file));
      const next = left.filter(({ file }) => !broken.has(file));
      if (next.length === left.length) return undefined;
      left = next;
    }
  }
  return undefined;
}

/** All at once, as each run of promtool takes a while; one by one only where it has something to say. */
async function withoutRefused(
  rules: Map<string, string>,
  promtool: string,
  definitions: Definitions | undefined,
  problems: FileProblem[],
): Promise<void> {
  try {
    await checkFinishedRules(rules, promtool);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    for (const problem of error.problems) {
      rules.delete(problem.file);
      const file = definitions?.files.get(problem.file.replace(/\.rules\.yml$/, '')) ?? problem.file;
      problems.push({ ...problem, file });
    }
  }
}
