import { isAlias, isScalar, LineCounter, parseAllDocuments } from 'yaml';
import { type BurnRatePair, type BurnRateWindows, DEFAULT_WINDOWS } from '../model/burn-rate-windows.ts';
import type { Service, Slo } from '../model/slo.ts';
import { DefinitionError, type Problem, shown } from './definition-error.ts';
import {
  API_VERSION,
  type ServiceDocument,
  type SloDocument,
  serviceSchema,
  sloSchema,
} from './definition-schema.ts';
import { toSlo } from './document-to-slo.ts';
import { schemaProblems } from './schema-problems.ts';

export interface DefinitionFile {
  readonly file: string;
  readonly text: string;
}

export interface Definitions {
  /** Sorted by name. */
  readonly slos: readonly Slo[];
  readonly services: readonly Service[];
  /** What is accepted but will not do everything that was asked for. */
  readonly warnings: readonly string[];
  readonly windows: BurnRateWindows;
}

const MAXIMUM_FILE_CHARACTERS = 1_000_000;
const SCHEMAS = { Service: serviceSchema, SLO: sloSchema } as const;

/**
 * Reads OpenSLO definitions, several documents a file and YAML anchors included.
 * @throws DefinitionError with every problem of every file
 */
export function readDefinitions(
  files: readonly DefinitionFile[],
  windows: BurnRateWindows = DEFAULT_WINDOWS,
): Definitions {
  const problems: Problem[] = [];
  const slos = new Map<string, { slo: Slo; file: string; unreachable: readonly BurnRatePair[] }>();
  const services = new Map<string, { service: Service; file: string }>();
  for (const { file, text } of files) {
    for (const document of documentsOf(file, text, problems)) {
      const report = (path: readonly PropertyKey[], found: string, possible: string) =>
        problems.push({ file, line: document.lineOf(path), path: document.pathText(path), found, possible });
      const kind = (document.value as { kind?: unknown } | null)?.kind;
      if (kind !== 'Service' && kind !== 'SLO') {
        report(['kind'], shown(kind), `Service, SLO (of ${API_VERSION})`);
        continue;
      }
      const schema = SCHEMAS[kind];
      const parsed = schema.safeParse(document.value);
      if (!parsed.success) {
        for (const problem of schemaProblems(document.value, parsed.error.issues, schema))
          report(problem.path, problem.found, problem.possible);
        continue;
      }
      const known = kind === 'SLO' ? slos : services;
      const name = parsed.data.metadata.name;
      const duplicate = known.get(name);
      if (duplicate) {
        report(['metadata', 'name'], shown(name), `a name that ${duplicate.file} does not have already`);
      } else if (kind === 'SLO') {
        const result = toSlo(parsed.data as SloDocument, windows);
        if ('problems' in result)
          for (const problem of result.problems) report(problem.path, problem.found, problem.possible);
        else slos.set(name, { ...result, file });
      } else {
        services.set(name, { service: toService(parsed.data as ServiceDocument), file });
      }
    }
  }
  if (files.length === 0)
    problems.push({ file: 'definitions', path: '', found: 'no file', possible: 'OpenSLO files' });
  if (problems.length > 0) throw new DefinitionError(problems);
  const sorted = [...slos.values()].sort((a, b) => (a.slo.name < b.slo.name ? -1 : 1));
  return {
    slos: sorted.map(({ slo }) => slo),
    services: [...services.values()].map(({ service }) => service).sort((a, b) => (a.name < b.name ? -1 : 1)),
    warnings: sorted.flatMap(({ slo, file, unreachable }) => unreachablePairs(slo, file, unreachable)),
    windows,
  };
}

interface ParsedDocument {
  readonly value: unknown;
  lineOf(path: readonly PropertyKey[]): number;
  pathText(path: readonly PropertyKey[]): string;
}

function documentsOf(file: string, text: string, problems: Problem[]): ParsedDocument[] {
  if (text.length > MAXIMUM_FILE_CHARACTERS) {
    problems.push({
      file,
      path: '',
      found: `${text.length} characters`,
      possible: `at most ${MAXIMUM_FILE_CHARACTERS}`,
    });
    return [];
  }
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines });
  const documents = ('empty' in parsed ? [] : parsed).filter(
    ({ contents, errors }) =>
      errors.length > 0 || !(contents === null || (isScalar(contents) && contents.value === null)),
  );
  if (documents.length === 0)
    problems.push({ file, path: '', found: 'no document', possible: `documents of ${API_VERSION}` });
  return documents.flatMap((document, index) => {
    if (document.errors.length > 0) {
      for (const error of document.errors)
        problems.push({
          file,
          line: lines.linePos(error.pos[0]).line,
          path: '',
          found: error.message.split('\n')[0]!.replace(/ at line.*$/, ''),
          possible: 'valid YAML 1.2',
        });
      return [];
    }
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      problems.push({
        file,
        path: '',
        found: (error as Error).message,
        possible: 'at most 100 uses of an anchor',
      });
      return [];
    }
    const prefix = documents.length > 1 ? `document ${index + 1}: ` : '';
    return [
      {
        value,
        lineOf(path) {
          // An unknown or missing field has no node of its own: then its parent's line is the nearest.
          for (let length = path.length; length >= 0; length -= 1) {
            const node = document.getIn(path.slice(0, length), true);
            if (isAlias(node)) return lines.linePos(node.range?.[0] ?? 0).line;
            const range = (node as { range?: readonly number[] } | undefined)?.range;
            if (range) return lines.linePos(range[0]!).line;
          }
          return 1;
        },
        pathText: (path) => prefix + pathText(path),
      },
    ];
  });
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

function toService({ metadata, spec }: ServiceDocument): Service {
  return {
    name: metadata.name,
    displayName: metadata.displayName ?? metadata.name,
    description: spec?.description ?? '',
  };
}

function unreachablePairs(slo: Slo, file: string, unreachable: readonly BurnRatePair[]): string[] {
  return unreachable.map(
    ({ severity, factor, long, short, threshold }) =>
      `${file}: SLO ${slo.name}: the ${severity} at ${factor} x budget over ${long} and ${short} is left out: ` +
      `at an objective of ${slo.objective} it would need an error ratio above ${threshold}, found at most 1; ` +
      `possible: an objective above ${(1 - 1 / Number(factor)).toFixed(4)}`,
  );
}
