/** One thing wrong with a definition, said so that it can be mended without looking anything up. */
export interface Problem {
  readonly file: string;
  /** 1-based, where known. */
  readonly line?: number;
  /** Path inside the document, such as `spec.objectives[0].target`; empty for the file as a whole. */
  readonly path: string;
  readonly found: string;
  readonly possible: string;
}

/** All problems of all files at once. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

/** `shop.yaml:12: spec.objectives[0].target: found 999; possible: more than 0 and less than 1` */
export function describeProblem({ file, line, path, found, possible }: Problem): string {
  const where = [line === undefined ? file : `${file}:${line}`, ...(path === '' ? [] : [path])].join(': ');
  return `${where}: found ${found}; possible: ${possible}`;
}

/** A value as it reads in a message: JSON, cut at 80 characters. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}
