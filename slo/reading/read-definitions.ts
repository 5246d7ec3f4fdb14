import { check, type SchemaProblem, shown } from '@aiops-sre/service-kit/schema/check.ts';
import { FileError, type FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import type { YamlDocument } from '@aiops-sre/service-kit/yaml/yaml-document.ts';
import type { z } from 'zod';
import { type BurnRateWindows, DEFAULT_WINDOWS } from '../model/burn-rate-windows.ts';
import type { Service, Slo } from '../model/slo.ts';
import { alertPolicyNotes } from './alert-policies.ts';
import {
  ALERTING_KINDS,
  type AlertingDocument,
  API_VERSION,
  alertingSchema,
  dataSourceSchema,
  type IndicatorSpec,
  type ServiceDocument,
  type SloDocument,
  serviceSchema,
  sliSchema,
  sloSchema,
} from './definition-schema.ts';
import { type ReadSlo, toSlos } from './document-to-slo.ts';
import { type DefinitionFile, documentsOf } from './documents.ts';

export type { DefinitionFile } from './documents.ts';

export interface Definitions {
  /** Sorted by name. */
  readonly slos: readonly Slo[];
  readonly services: readonly Service[];
  /** What is accepted but will not do everything that was asked for, and what was rewritten. */
  readonly warnings: readonly string[];
  readonly windows: BurnRateWindows;
  /** The file that each SLO is from, by the SLO's name. */
  readonly files: ReadonlyMap<string, string>;
}

const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  Service: serviceSchema,
  SLO: sloSchema,
  SLI: sliSchema,
  DataSource: dataSourceSchema,
  ...Object.fromEntries(ALERTING_KINDS.map((kind) => [kind, alertingSchema])),
};

/** A document that its schema accepts, and where it is from. */
interface ReadDocument {
  readonly file: string;
  readonly document: YamlDocument;
  readonly kind: string;
  readonly name: string;
  readonly data: unknown;
}

/**
 * Reads OpenSLO definitions, several documents a file, lists and YAML anchors included. What they refer to by name may be in
 * any of the files. @throws FileError with every problem of every file
 */
export function readDefinitions(
  files: readonly DefinitionFile[],
  windows: BurnRateWindows = DEFAULT_WINDOWS,
): Definitions {
  const problems: FileProblem[] = [];
  const read = files.flatMap((file) => readFile(file, problems));
  if (files.length === 0)
    problems.push({ file: 'definitions', path: '', found: 'no file', possible: 'OpenSLO files' });
  const named = byKindAndName(read, problems);
  const services = [...(named.get('Service')?.values() ?? [])].map(({ data }) =>
    toService(data as ServiceDocument),
  );
  const slos = new Map<string, ReadSlo & { readonly file: string; readonly more: readonly string[] }>();
  for (const each of named.get('SLO')?.values() ?? []) {
    const own: SchemaProblem[] = [];
    const { spec } = each.data as SloDocument;
    const indicator = indicatorOf(spec, named, own);
    const more = alertPolicyNotes(spec.alertPolicies ?? [], alertingOf(named), own);
    const serviceLabels = services.find(({ name }) => name === spec.service)?.labels ?? {};
    const found = indicator
      ? toSlos(each.data as SloDocument, { windows, serviceLabels, indicator }, own)
      : [];
    report(each, own, problems);
    for (const slo of found) {
      const duplicate = slos.get(slo.slo.name);
      const path = ['metadata', 'name'];
      const possible = `a name that ${duplicate?.file} does not have already`;
      if (duplicate) report(each, [{ path, found: shown(slo.slo.name), possible }], problems);
      else slos.set(slo.slo.name, { ...slo, file: each.file, more });
    }
  }
  if (problems.length > 0) throw new FileError(problems);
  const sorted = [...slos.values()].sort((a, b) => (a.slo.name < b.slo.name ? -1 : 1));
  return {
    slos: sorted.map(({ slo }) => slo),
    services: services.sort((a, b) => (a.name < b.name ? -1 : 1)),
    warnings: [...new Set(sorted.flatMap(warningsOf))],
    windows,
    files: new Map(sorted.map(({ slo, file }) => [slo.name, file])),
  };
}

function readFile(file: DefinitionFile, problems: FileProblem[]): ReadDocument[] {
  return documentsOf(file, `documents of ${API_VERSION}`, problems).flatMap((document) => {
    const base = { file: file.file, document };
    const kind = (document.value as { kind?: unknown } | null)?.kind;
    const schema = typeof kind === 'string' ? SCHEMAS[kind] : undefined;
    if (!schema) {
      report(
        base,
        [{ path: ['kind'], found: foundKind(document.value), possible: possibleKind(document.value) }],
        problems,
      );
      return [];
    }
    const { apiVersion } = document.value as { apiVersion?: unknown };
    if (apiVersion !== API_VERSION) {
      report(base, [{ path: ['apiVersion'], found: shown(apiVersion), possible: API_VERSION }], problems);
      return [];
    }
    const checked = check(schema, document.value);
    if (checked.problems) {
      report(base, checked.problems, problems);
      return [];
    }
    const { name } = (checked.data as { metadata: { name: string } }).metadata;
    return [{ ...base, kind: kind as string, name, data: checked.data }];
  });
}

function foundKind(value: unknown): string {
  if (value === null || typeof value !== 'object') return `${shown(value)}, which is no object`;
  const { kind, apiVersion } = value as { kind?: unknown; apiVersion?: unknown };
  if (kind !== undefined) return shown(kind);
  const keys = Object.keys(value).slice(0, 4).join(', ');
  return apiVersion === undefined && keys ? `an object with ${keys}` : 'nothing';
}

/** Files of other tools are what people try first. */
function possibleKind(value: unknown): string {
  const { apiVersion, version, groups } = (value ?? {}) as Record<string, unknown>;
  const foreign = [apiVersion, version]
    .map(String)
    .find((text) => /^(sloth\.slok\.dev|prometheus\/v1|pyrra\.dev)/.test(text));
  const kinds = `${Object.keys(SCHEMAS).join(', ')} (of ${API_VERSION})`;
  if (foreign) return `${kinds}; npm run -s slo -- import turns files of ${foreign} into such`;
  return Array.isArray(groups) ? `${kinds}; this is a file of rules` : kinds;
}

type Named = ReadonlyMap<string, ReadonlyMap<string, ReadDocument>>;

function byKindAndName(documents: readonly ReadDocument[], problems: FileProblem[]): Named {
  const all = new Map<string, Map<string, ReadDocument>>();
  for (const each of documents) {
    const known = all.get(each.kind) ?? new Map<string, ReadDocument>();
    all.set(each.kind, known);
    const duplicate = known.get(each.name);
    const path = ['metadata', 'name'];
    const possible = `a name that ${duplicate?.file} does not have already`;
    if (duplicate) report(each, [{ path, found: shown(each.name), possible }], problems);
    else known.set(each.name, each);
  }
  return all;
}

function alertingOf(named: Named): readonly AlertingDocument[] {
  return ALERTING_KINDS.flatMap((kind) =>
    [...(named.get(kind)?.values() ?? [])].map(({ data }) => data as AlertingDocument),
  );
}

function indicatorOf(
  { indicator, indicatorRef }: SloDocument['spec'],
  named: Named,
  problems: SchemaProblem[],
): { readonly spec: IndicatorSpec; readonly path: readonly PropertyKey[] } | undefined {
  const unknown = (path: readonly PropertyKey[], kind: string, name: string) => {
    const names = [...(named.get(kind)?.keys() ?? [])].join(', ') || 'none in these files';
    problems.push({ path, found: shown(name), possible: `the name of a ${kind}: ${names}` });
    return undefined;
  };
  const path = indicator ? ['spec', 'indicator', 'spec'] : ['spec', 'indicatorRef'];
  const spec =
    indicator?.spec ??
    (named.get('SLI')?.get(indicatorRef!)?.data as { spec: IndicatorSpec } | undefined)?.spec;
  if (!spec) return unknown(path, 'SLI', indicatorRef!);
  const { good, bad, total } = spec.ratioMetric ?? {};
  for (const query of [good, bad, total, spec.thresholdMetric]) {
    const source = query?.metricSource.metricSourceRef;
    if (source !== undefined && !named.get('DataSource')?.has(source))
      return unknown(path, 'DataSource', source);
  }
  return { spec, path };
}

function report(
  { document }: Pick<ReadDocument, 'document'>,
  wrong: readonly SchemaProblem[],
  problems: FileProblem[],
): void {
  problems.push(...wrong.map(({ path, found, possible }) => document.problem(path, found, possible)));
}

function toService({ metadata, spec }: ServiceDocument): Service {
  return {
    name: metadata.name,
    displayName: metadata.displayName ?? metadata.name,
    description: spec?.description ?? '',
    labels: metadata.labels ?? {},
  };
}

function warningsOf({
  slo,
  notes,
  unreachable,
  file,
  more,
}: ReadSlo & { file: string; more: readonly string[] }): string[] {
  const pairs = unreachable.map(
    ({ severity, factor, long, short, threshold }) =>
      `the ${severity} at ${factor} x budget over ${long} and ${short} is left out: ` +
      `at an objective of ${slo.objective} it would need an error ratio above ${threshold}, found at most 1; ` +
      `possible: an objective above ${(1 - 1 / Number(factor)).toFixed(4)}`,
  );
  return [...new Set([...pairs, ...notes, ...more])].map((text) => `${file}: SLO ${slo.name}: ${text}`);
}
