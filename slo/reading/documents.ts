import { isAlias, isScalar, LineCounter, parseAllDocuments } from 'yaml';
import type { Problem } from './definition-error.ts';

export interface DefinitionFile {
  readonly file: string;
  readonly text: string;
}

/** One object of a file, whether it is a document of its own or an item of a list. */
export interface ParsedDocument {
  /** Without fields that are null: they are as good as absent. */
  readonly value: unknown;
  lineOf(path: readonly PropertyKey[]): number;
  pathText(path: readonly PropertyKey[]): string;
}

const MAXIMUM_FILE_CHARACTERS = 1_000_000;
/** Go templates other than the window's: a chart of Helm, not yet rendered. */
const TEMPLATE =
  /\{\{-?\s*(?:\.(?!window\b)\w+|include\b|if\b|range\b|end\b|with\b|template\b|define\b|toYaml\b)[^}]*\}\}/;

/** Objects of a file's documents; what can not be read goes to `problems`. */
export function documentsOf(
  { file, text }: DefinitionFile,
  expected: string,
  problems: Problem[],
): ParsedDocument[] {
  const report = (found: string, possible: string, line?: number) =>
    problems.push({ file, ...(line === undefined ? {} : { line }), path: '', found, possible });
  if (text.length > MAXIMUM_FILE_CHARACTERS) {
    report(`${text.length} characters`, `at most ${MAXIMUM_FILE_CHARACTERS}`);
    return [];
  }
  const template = text.replace(/^.*\bquery:.*$/gm, '').match(TEMPLATE);
  if (template && !/^\s*(displayName|description):/.test(lineAt(text, text.indexOf(template[0])))) {
    const line = text.slice(0, text.indexOf(template[0])).split('\n').length;
    report(`the template ${template[0]}`, 'a rendered file, such as the output of helm template', line);
    return [];
  }
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines });
  const documents = ('empty' in parsed ? [] : parsed).filter(
    ({ contents, errors }) =>
      errors.length > 0 || !(contents === null || (isScalar(contents) && contents.value === null)),
  );
  if (documents.length === 0) report('no document', expected);
  return documents.flatMap((document, index) => {
    for (const error of document.errors)
      report(
        error.message.split('\n')[0]!.replace(/ at line.*$/, ''),
        'valid YAML 1.2',
        lines.linePos(error.pos[0]).line,
      );
    if (document.errors.length > 0) return [];
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      report((error as Error).message, 'at most 100 uses of an anchor');
      return [];
    }
    const lineOf = (path: readonly PropertyKey[]) => {
      // An unknown or missing field has no node of its own: then its parent's line is the nearest.
      for (let length = path.length; length >= 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true);
        if (isAlias(node)) return lines.linePos(node.range?.[0] ?? 0).line;
        const range = (node as { range?: readonly number[] } | undefined)?.range;
        if (range) return lines.linePos(range[0]!).line;
      }
      return 1;
    };
    const prefix = documents.length > 1 ? `document ${index + 1}: ` : '';
    if (!Array.isArray(value))
      return [{ value: withoutNulls(value), lineOf, pathText: (path) => prefix + pathText(path) }];
    return value.map((item, position) => ({
      value: withoutNulls(item),
      lineOf: (path: readonly PropertyKey[]) => lineOf([position, ...path]),
      pathText: (path: readonly PropertyKey[]) => prefix + pathText([position, ...path]),
    }));
  });
}

function lineAt(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset) + 1).split('\n')[0]!;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([key, field]) => [key, withoutNulls(field)]),
  );
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}
