/** One thing wrong with a file, said so that it can be mended without looking anything up. */
export interface FileProblem {
  readonly file: string;
  /** 1-based, where known. */
  readonly line?: number;
  /** Path inside the document, such as `spec.objectives[0].target`; empty for the file as a whole. */
  readonly path: string;
  readonly found: string;
  readonly possible: string;
}

/** Everything that is wrong with files, a line each: `shop.yaml:12: spec.target: found 999; possible: less than 1` */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly problems: readonly FileProblem[];

  constructor(problems: readonly FileProblem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

/** `shop.yaml:12: spec.objectives[0].target: found 999; possible: more than 0 and less than 1` */
export function describeProblem({ file, line, path, found, possible }: FileProblem): string {
  const where = [line === undefined ? file : `${file}:${line}`, ...(path === '' ? [] : [path])].join(': ');
  return `${where}: found ${found}; possible: ${possible}`;
}
