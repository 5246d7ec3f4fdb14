import type { FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { parseYamlDocuments, type YamlDocument } from '@aiops-sre/service-kit/yaml/yaml-document.ts';

export interface DefinitionFile {
  readonly file: string;
  readonly text: string;
}

/** Go templates other than the window's: a chart of Helm, not yet rendered. */
const TEMPLATE =
  /\{\{-?\s*(?:\.(?!window\b)\w+|include\b|if\b|range\b|end\b|with\b|template\b|define\b|toYaml\b)[^}]*\}\}/;

/** Objects of a file, whether each is a document of its own or an item of a list; what can not be read goes to `problems`. */
export function documentsOf(
  { file, text }: DefinitionFile,
  expected: string,
  problems: FileProblem[],
): YamlDocument[] {
  const report = (found: string, possible: string, line?: number) =>
    problems.push({ file, ...(line === undefined ? {} : { line }), path: '', found, possible });
  const template = text.replace(/^.*\bquery:.*$/gm, '').match(TEMPLATE);
  if (template && !/^\s*(displayName|description):/.test(lineAt(text, text.indexOf(template[0])))) {
    const line = text.slice(0, text.indexOf(template[0])).split('\n').length;
    report(`the template ${template[0]}`, 'a rendered file, such as the output of helm template', line);
    return [];
  }
  const parsed = parseYamlDocuments(file, text);
  if ('problems' in parsed) {
    problems.push(...parsed.problems);
    return [];
  }
  if (parsed.documents.length === 0) report('no document', expected);
  return parsed.documents.flatMap((document) =>
    Array.isArray(document.value)
      ? document.value.map((value, position) => ({
          value,
          problem: (path, ...rest) => document.problem([position, ...path], ...rest),
        }))
      : [document],
  );
}

function lineAt(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset) + 1).split('\n')[0]!;
}
