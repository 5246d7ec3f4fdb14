import { isAlias, isScalar, LineCounter, parseAllDocuments } from 'yaml';
import type { FileProblem } from './file-problem.ts';

const MAX_CHARACTERS = 1_000_000;

export interface YamlDocument {
  /** Without fields that have no value: they are absent, as JSON would leave them out. */
  readonly value: unknown;
  /** What is wrong at a path, with its line; of what is not there the line of the nearest parent. */
  problem(path: readonly PropertyKey[], found: string, possible: string): FileProblem;
}

interface Unreadable {
  readonly problems: readonly FileProblem[];
}

/** The one document of a YAML 1.2 file, or what keeps it from being read. `file` is only used in messages. */
export function parseYaml(file: string, text: string): YamlDocument | Unreadable {
  const parsed = parseYamlDocuments(file, text);
  if ('problems' in parsed) return parsed;
  const [document, another] = parsed.documents;
  if (another) return { problems: [another.problem([], 'another document', 'one document a file')] };
  return document ?? { value: undefined, problem: (_path, ...rest) => problemAt(file, 1, '', ...rest) };
}

/**
 * The documents of a YAML 1.2 file but for empty ones, or all that keeps any of them from being read. Where there are several,
 * paths begin with the number of theirs: `document 2: metadata.name`.
 */
export function parseYamlDocuments(
  file: string,
  text: string,
): { readonly documents: readonly YamlDocument[] } | Unreadable {
  const unreadable = (found: string, possible: string) => ({
    problems: [{ file, path: '', found, possible }],
  });
  if (text.length > MAX_CHARACTERS)
    return unreadable(`${text.length} characters`, `at most ${MAX_CHARACTERS}`);
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines });
  const trees = ('empty' in parsed ? [] : parsed).filter(
    ({ contents, errors }) =>
      errors.length > 0 || !(contents === null || (isScalar(contents) && contents.value === null)),
  );
  const problems = trees.flatMap(({ errors }) =>
    errors.map(({ pos, message }) => {
      const line = lines.linePos(pos[0]).line;
      return problemAt(file, line, '', message.split('\n')[0]!.replace(/ at line.*$/, ''), 'valid YAML 1.2');
    }),
  );
  if (problems.length > 0) return { problems };
  const documents: YamlDocument[] = [];
  for (const [index, tree] of trees.entries()) {
    const place = trees.length > 1 ? [`document ${index + 1}`] : [];
    const lineOf = (path: readonly PropertyKey[]) => {
      for (let length = path.length; length >= 0; length -= 1) {
        const node = tree.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
        if (node?.range) return lines.linePos(node.range[0]!).line;
        // What is behind an alias stands elsewhere: the alias is what the reader looks for.
        if (isAlias(node)) break;
      }
      return 1;
    };
    try {
      documents.push({
        value: withoutNulls(tree.toJS({ maxAliasCount: 100 })),
        problem: (path, ...rest) => {
          const words = [...place, pathInWords(path)].filter((part) => part !== '').join(': ');
          return problemAt(file, lineOf(path), words, ...rest);
        },
      });
    } catch (error) {
      return unreadable((error as Error).message, 'at most 100 uses of an anchor');
    }
  }
  return { documents };
}

function problemAt(file: string, line: number, path: string, found: string, possible: string): FileProblem {
  return { file, line, path, found, possible };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null) return undefined;
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}

function pathInWords(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}
