import { FileError } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { parseAllDocuments } from 'yaml';
import { ZodError } from 'zod';
import { type DefinitionFile, readDefinitions } from '../reading/read-definitions.ts';
import { definitionText } from './definition-text.ts';
import { type Imported, isLeftOut } from './foreign-slo.ts';
import { fromPyrra, isPyrra } from './pyrra.ts';
import { fromSloth, isSloth } from './sloth.ts';

export interface ImportResult {
  /** OpenSLO documents, valid here. */
  readonly yaml: string;
  readonly names: readonly string[];
  /** What was said there and is not kept. */
  readonly notes: readonly string[];
  /** SLOs and documents of which there is no definition, and why. */
  readonly leftOut: readonly string[];
}

/** Definitions of files in the form of Sloth (`prometheus/v1` and its Kubernetes resource) or Pyrra. */
export function importFiles(files: readonly DefinitionFile[]): ImportResult {
  const texts: string[] = [];
  const names = new Set<string>();
  const notes: string[] = [];
  const leftOut: string[] = [];
  for (const imported of files.flatMap(({ file, text }) => importFile(file, text))) {
    if (isLeftOut(imported)) {
      leftOut.push(`${imported.origin}: ${imported.reason}`);
      continue;
    }
    const text = definitionText(imported);
    const problem = names.has(imported.name)
      ? `another SLO is named ${imported.name} already`
      : refusal(imported.name, text);
    if (problem !== undefined) {
      leftOut.push(`${imported.origin}: ${problem}`);
      continue;
    }
    names.add(imported.name);
    texts.push(text);
    notes.push(...imported.notKept.map((note) => `${imported.origin}: ${note}`));
  }
  return { yaml: texts.join('---\n'), names: [...names], notes, leftOut };
}

/** Why the compiler would not take a definition; undefined where it does. */
function refusal(name: string, text: string): string | undefined {
  try {
    readDefinitions([{ file: name, text }]);
    return undefined;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return error.problems
      .map(({ path, found, possible }) => `${path}: found ${found}; possible: ${possible}`)
      .join('; ');
  }
}

function importFile(file: string, text: string): Imported[] {
  const documents = parseAllDocuments(text);
  return ('empty' in documents ? [] : documents).flatMap((document): Imported[] => {
    const [error] = document.errors;
    if (error) return [{ origin: file, reason: error.message.split('\n')[0]! }];
    return itemsOf(document.toJS({ maxAliasCount: 100 })).flatMap((item) => importDocument(file, item));
  });
}

/** Kubernetes' lists hold documents. */
function itemsOf(document: unknown): unknown[] {
  if (document === null || document === undefined) return [];
  const { kind, items } = document as { kind?: unknown; items?: unknown };
  return String(kind ?? '').endsWith('List') && Array.isArray(items) ? items : [document];
}

function importDocument(file: string, document: unknown): Imported[] {
  const { version, apiVersion, kind } = document as Record<string, unknown>;
  try {
    if (isSloth(document)) return fromSloth(document, file);
    if (isPyrra(document)) return fromPyrra(document, file);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    return error.issues.map(({ path, message }) => ({
      origin: file,
      reason: `${path.join('.') || 'document'}: ${message}`,
    }));
  }
  const found = [apiVersion ?? version, kind].filter(Boolean).map(String).join(' ') || 'no apiVersion';
  return [
    {
      origin: file,
      reason: `found ${found}; possible: prometheus/v1 or sloth.slok.dev/v1 (Sloth), pyrra.dev/v1alpha1 (Pyrra)`,
    },
  ];
}
