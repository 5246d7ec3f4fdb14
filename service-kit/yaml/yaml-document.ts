import { isAlias, LineCounter, parseDocument } from 'yaml';
import type { FileProblem } from './file-problem.ts';

const MAX_CHARACTERS = 1_000_000;

export interface YamlDocument {
  /** A field without a value is absent: undefined, as JSON would leave it out. */
  readonly value: unknown;
  /** What is wrong at a path, with its line; of what is not there the line of the nearest parent. */
  problem(path: readonly PropertyKey[], found: string, possible: string): FileProblem;
}

/** The one document of a YAML 1.2 file, or what keeps it from being read. `file` is only used in messages. */
export function parseYaml(
  file: string,
  text: string,
): YamlDocument | { readonly problems: readonly FileProblem[] } {
  const unreadable = (found: string, possible: string) => ({
    problems: [{ file, path: '', found, possible }],
  });
  if (text.length > MAX_CHARACTERS)
    return unreadable(`${text.length} characters`, `at most ${MAX_CHARACTERS}`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0)
    return {
      problems: document.errors.map(({ pos, message }) => ({
        file,
        line: lines.linePos(pos[0]).line,
        path: '',
        found: message.split('\n')[0]!.replace(/ at line.*$/, ''),
        possible: 'valid YAML 1.2, one document',
      })),
    };
  let value: unknown;
  try {
    value = withoutNulls(document.toJS({ maxAliasCount: 100 }));
  } catch (error) {
    return unreadable((error as Error).message, 'at most 100 uses of an anchor');
  }
  const lineOf = (path: readonly PropertyKey[]) => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
      if (node?.range) return lines.linePos(node.range[0]!).line;
      // What is behind an alias stands elsewhere: the alias is what the reader looks for.
      if (isAlias(node)) break;
    }
    return 1;
  };
  return {
    value,
    problem: (path, found, possible) => ({
      file,
      line: lineOf(path),
      path: pathInWords(path),
      found,
      possible,
    }),
  };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null) return undefined;
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutNulls(inner)]));
}

function pathInWords(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}
