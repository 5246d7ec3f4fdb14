import { describeProblem, type FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';

export type Problem = FileProblem;

/** All problems of all files at once. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

/** A value as it reads in a message: JSON, cut at 80 characters. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}
