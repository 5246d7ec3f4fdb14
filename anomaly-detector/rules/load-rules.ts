import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Limit, Rule } from './rule.ts';
import { defaultsSchema, fileSchema, type RuleInput, ruleSchema } from './rule-schema.ts';

const MAX_FILE_BYTES = 1_000_000;

/** A rules file that cannot be used. `message` has one line a problem: file:line, path, what was got and expected. */
export class RulesError extends Error {
  override name = 'RulesError';
}

/**
 * Reads and checks a rules file, or every `*.yaml` of a folder of them.
 *
 * @throws RulesError that names every problem of a file, not only the first
 */
export function loadRules(path: string): readonly Rule[] {
  const files = filesOf(path);
  const fileOf = new Map<string, string>();
  return files.flatMap((file) => {
    const rules = parseRules(
      reading(file, () => readFileSync(file, 'utf8')),
      file,
    );
    for (const { name } of rules) {
      if (fileOf.has(name))
        throw new RulesError(
          `${file}: rules: expected a name that no other rule has, got ${name}, which is in ${fileOf.get(name)}`,
        );
      fileOf.set(name, file);
    }
    return rules;
  });
}

function filesOf(path: string): readonly string[] {
  if (!reading(path, () => statSync(path)).isDirectory()) return [path];
  const files = readdirSync(path).filter((name) => name.endsWith('.yaml'));
  if (files.length === 0) throw new RulesError(`${path}: expected at least one file *.yaml`);
  return files.sort().map((name) => join(path, name));
}

function reading<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    throw new RulesError(`${path}: cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** Checks the text of a rules file; `file` is only used in messages. */
export function parseRules(text: string, file: string): readonly Rule[] {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES)
    throw new RulesError(`${file}: is larger than ${MAX_FILE_BYTES} bytes`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  if (document.errors.length > 0)
    throw new RulesError(document.errors.map((error) => `${file}: ${error.message.trim()}`).join('\n'));
  const value: unknown = document.toJS({ maxAliasCount: 100 });

  const problems: string[] = [];
  const report = (path: readonly PropertyKey[], problem: string, written: unknown) => {
    const node = nearestNode(document, path);
    const line = node?.range ? `:${lines.linePos(node.range[0]).line}` : '';
    problems.push(`${file}${line}: ${pathInWords(path)}: ${problem}, got ${excerpt(written)}`);
  };
  const reportAll = (issues: readonly z.core.$ZodIssue[], prefix: readonly PropertyKey[]) => {
    for (const issue of issues) {
      const unknownKeys = issue.code === 'unrecognized_keys' ? issue.keys : undefined;
      for (const key of unknownKeys ?? [undefined]) {
        const path = [...prefix, ...issue.path, ...(key === undefined ? [] : [key])];
        report(path, key === undefined ? problemOf(issue) : 'unknown setting', valueAt(value, path));
      }
    }
  };

  const shape = fileSchema.safeParse(value);
  if (!shape.success) {
    reportAll(shape.error.issues, []);
    throw new RulesError(problems.join('\n'));
  }
  const { defaults, rules: written } = shape.data;
  const checkedDefaults = defaultsSchema.safeParse(defaults);
  if (!checkedDefaults.success) {
    reportAll(checkedDefaults.error.issues, ['defaults']);
    throw new RulesError(problems.join('\n'));
  }

  const rules: Rule[] = [];
  const lineOfName = new Map<string, number>();
  for (const [index, own] of written.entries()) {
    const checked = ruleSchema.safeParse({
      ...defaults,
      ...own,
      backfill: merged(defaults.backfill, own.backfill),
    });
    if (!checked.success) {
      reportAll(checked.error.issues, ['rules', index]);
      continue;
    }
    const rule = checked.data;
    if (lineOfName.has(rule.name))
      report(['rules', index, 'name'], 'expected a name that no other rule has', rule.name);
    lineOfName.set(rule.name, index);
    for (const { path, problem, got } of contradictions(rule))
      report(['rules', index, ...path], problem, got);
    rules.push(toRule(rule));
  }
  for (const [index, own] of written.entries())
    for (const [place, name] of (Array.isArray(own.covered_by) ? own.covered_by : []).entries())
      if (name === own.name || !written.some((other) => other.name === name))
        report(['rules', index, 'covered_by', place], 'expected the name of another rule', name);
  if (problems.length > 0) throw new RulesError(problems.join('\n'));
  return rules;
}

/** What no single setting shows: settings that are each valid and cannot go together. */
function contradictions(rule: RuleInput): { path: string[]; problem: string; got: unknown }[] {
  const found: { path: string[]; problem: string; got: unknown }[] = [];
  const expect = (holds: boolean, path: string[], problem: string, got: unknown) => {
    if (!holds) found.push({ path, problem, got });
  };
  expect(
    rule.backfill.step >= rule.step,
    ['backfill', 'step'],
    `expected a step no finer than the rule's own (${rule.step}s)`,
    `${rule.backfill.step}s`,
  );
  expect(
    rule.vanished_after >= rule.step,
    ['vanished_after'],
    `expected at least one step (${rule.step}s)`,
    `${rule.vanished_after}s`,
  );
  expect(3600 % rule.step === 0, ['step'], 'expected a step that divides an hour', `${rule.step}s`);
  expect(
    3600 % rule.backfill.step === 0,
    ['backfill', 'step'],
    'expected a step that divides an hour',
    `${rule.backfill.step}s`,
  );
  const names = rule.limits.map(({ name }) => name);
  expect(new Set(names).size === names.length, ['limits'], 'expected limits of different names', names);
  return found;
}

function toRule(input: RuleInput): Rule {
  return {
    name: input.name,
    title: input.title,
    unit: input.unit,
    query: input.query.trim(),
    windowSeconds: input.window,
    stepSeconds: input.step,
    backfill: {
      historySeconds: input.backfill.history,
      stepSeconds: input.backfill.step,
      windowSeconds: input.backfill.window,
      recentSeconds: input.backfill.recent,
    },
    seasonality: input.seasonality,
    direction: input.direction,
    minimumAbsoluteDeviation: input.minimum_absolute_deviation,
    minimumRelativeDeviation: input.minimum_relative_deviation,
    severity: input.severity,
    service: input.service,
    labels: input.labels,
    vanished: input.vanished,
    vanishedAfterSeconds: input.vanished_after,
    maxSeries: input.max_series,
    runbook: input.runbook,
    dashboard: input.dashboard,
    coveredBy: input.covered_by,
    limits: input.limits.map(
      (limit): Limit => ({
        name: limit.name,
        side: limit.above === undefined ? 'below' : 'above',
        value: (limit.above ?? limit.below)!,
        withinSeconds: limit.within,
        probability: limit.probability,
        severity: limit.severity ?? input.severity,
      }),
    ),
    lookFirst: input.look_first.map(({ what, query }) => ({ what, query })),
    suggestedActions: input.suggested_actions,
  };
}

function merged(defaults: unknown, own: unknown): unknown {
  if (own === undefined) return defaults;
  return isMapping(defaults) && isMapping(own) ? { ...defaults, ...own } : own;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith('expected')) return issue.message;
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  if (issue.code === 'too_small') return `expected at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `expected at most ${issue.maximum}`;
  return issue.message;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

function nearestNode(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]) {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
    if (node?.range) return node as { range: readonly [number, ...number[]] };
  }
  return undefined;
}

function pathInWords(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'file';
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

function excerpt(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
