import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { check, shown } from '@aiops-sre/service-kit/schema/check.ts';
import { FileError, type FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { isMapping } from '@aiops-sre/service-kit/yaml/is-mapping.ts';
import { parseYaml } from '@aiops-sre/service-kit/yaml/yaml-document.ts';
import type { z } from 'zod';
import type { Limit, Rule } from './rule.ts';
import { defaultsSchema, fileSchema, type RuleInput, ruleSchema } from './rule-schema.ts';

/**
 * Reads and checks a rules file, or every `*.yaml` of a folder of them, which may be none.
 *
 * @throws {FileError} that names every problem of a file, not only the first
 */
export function loadRules(path: string): readonly Rule[] {
  const files = filesOf(path);
  const fileOf = new Map<string, string>();
  const rules = files.flatMap((file) => {
    const rules = parseRules(
      reading(file, () => readFileSync(file, 'utf8')),
      file,
    );
    for (const { name } of rules) {
      const other = fileOf.get(name);
      if (other !== undefined)
        throw new FileError([
          { file, path: 'rules', found: name, possible: `a name that ${other} does not have already` },
        ]);
      fileOf.set(name, file);
    }
    return rules;
  });
  return besideOwn(rules);
}

/** The rules, with templates that leave out the services which a rule of their own watches by the same measure. */
export function besideOwn(rules: readonly Rule[]): readonly Rule[] {
  const ownFor = (measures: Rule['measures']) =>
    measures === undefined
      ? []
      : rules.flatMap((rule) =>
          rule.forEach === undefined && rule.measures === measures ? (rule.service ?? []) : [],
        );
  return rules.map((rule) =>
    rule.forEach ? { ...rule, forEach: { ...rule.forEach, except: ownFor(rule.measures) } } : rule,
  );
}

function filesOf(path: string): readonly string[] {
  if (!reading(path, () => statSync(path)).isDirectory()) return [path];
  const files = readdirSync(path).filter((name) => name.endsWith('.yaml'));
  return files.sort().map((name) => join(path, name));
}

function reading<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const found = (error as Error).message;
    throw new FileError([{ file, path: '', found, possible: 'a file or folder that can be read' }]);
  }
}

/** Checks the text of a rules file; `file` is only used in messages. @throws {FileError} with all that is wrong */
export function parseRules(text: string, file: string): readonly Rule[] {
  const document = parseYaml(file, text);
  if ('problems' in document) throw new FileError(document.problems);
  const problems: FileProblem[] = [];
  const report = (path: readonly PropertyKey[], found: string, possible: string) =>
    problems.push(document.problem(path, found, possible));
  const checked = <T>(schema: z.ZodType<T>, value: unknown, at: readonly PropertyKey[]): T | undefined => {
    const { data, problems: wrong = [] } = check(schema, value);
    for (const { path, found, possible } of wrong) report([...at, ...path], found, possible);
    return data;
  };

  const shape = checked(fileSchema, document.value, []);
  if (!shape || !checked(defaultsSchema, shape.defaults, ['defaults'])) throw new FileError(problems);
  const { defaults, rules: written } = shape;

  const rules: Rule[] = [];
  const names = new Set<string>();
  for (const [index, own] of written.entries()) {
    const merged = {
      ...(withDefaults(own, defaults) as object),
      backfill: withDefaults(own.backfill, defaults.backfill),
    };
    const rule = checked(ruleSchema, merged, ['rules', index]);
    if (!rule) continue;
    if (names.has(rule.name))
      report(['rules', index, 'name'], shown(rule.name), 'a name that no other rule has');
    names.add(rule.name);
    for (const { path, found, possible } of contradictions(rule))
      report(['rules', index, ...path], found, possible);
    rules.push(toRule(rule));
  }
  for (const [index, own] of written.entries())
    for (const [place, name] of (Array.isArray(own.covered_by) ? own.covered_by : []).entries())
      if (name === own.name || !written.some((other) => other.name === name))
        report(['rules', index, 'covered_by', place], shown(name), 'the name of another rule');
  if (problems.length > 0) throw new FileError(problems);
  return rules;
}

/** Settings of `own`, and the default of each that it leaves out or without a value. */
function withDefaults(own: unknown, defaults: unknown): unknown {
  if (own === undefined) return defaults;
  if (!isMapping(own) || !isMapping(defaults)) return own;
  return Object.fromEntries(
    Object.entries({ ...defaults, ...own }).map(([setting, value]) => [setting, value ?? defaults[setting]]),
  );
}

/** What no single setting shows: settings that are each valid and cannot go together. */
function contradictions(rule: RuleInput): { path: string[]; found: string; possible: string }[] {
  const problems: { path: string[]; found: string; possible: string }[] = [];
  const expect = (holds: boolean, path: string[], possible: string, found: string) => {
    if (!holds) problems.push({ path, found, possible });
  };
  const { step, backfill, vanished_after } = rule;
  expect(
    backfill.step >= step,
    ['backfill', 'step'],
    `a step no finer than the rule's own (${step}s)`,
    `${backfill.step}s`,
  );
  expect(
    vanished_after === undefined || vanished_after >= step,
    ['vanished_after'],
    `at least one step (${step}s)`,
    `${vanished_after}s`,
  );
  expect(
    !(rule.minimum !== undefined && rule.maximum !== undefined && rule.minimum >= rule.maximum),
    ['maximum'],
    `more than minimum (${rule.minimum})`,
    shown(rule.maximum),
  );
  expect(
    rule.events === undefined || rule.unit === 'ratio',
    ['events'],
    'events only of a rule whose unit is ratio',
    shown(rule.unit),
  );
  expect(
    rule.events === undefined || rule.events.includes('$window'),
    ['events'],
    'a count over $window, as sum by (service) (increase(x[$window]))',
    shown(rule.events),
  );
  expect(3600 % step === 0, ['step'], 'a step that divides an hour', `${step}s`);
  expect(
    3600 % backfill.step === 0,
    ['backfill', 'step'],
    'a step that divides an hour',
    `${backfill.step}s`,
  );
  expect(
    rule.for_each === undefined || rule.service === undefined,
    ['service'],
    'no service of its own for a rule for_each of them',
    shown(rule.service),
  );
  const names = rule.limits.map(({ name }) => name);
  expect(new Set(names).size === names.length, ['limits'], 'limits of different names', shown(names));
  return problems;
}

/** Of a rule that does not say, unless its steps are longer. */
const VANISHED_AFTER_SECONDS = 120;

function toRule(input: RuleInput): Rule {
  return {
    name: input.name,
    title: input.title,
    unit: input.unit,
    query: input.query.trim(),
    events: input.events?.trim(),
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
    expectedFalseAlarmsPerWeek: input.expected_false_alarms_per_week,
    // A share of events is none of less than no or of more than all of them.
    minimum: input.minimum ?? (input.events === undefined ? undefined : 0),
    maximum: input.maximum ?? (input.events === undefined ? undefined : 1),
    severity: input.severity,
    service: input.service,
    labels: input.labels,
    stuck: input.stuck,
    vanished: input.vanished,
    vanishedAfterSeconds: input.vanished_after ?? Math.max(VANISHED_AFTER_SECONDS, 2 * input.step),
    forEach: input.for_each && {
      serviceLabel: input.for_each.service,
      maxServices: input.for_each.services,
      maxSeriesEach: input.for_each.series_each,
      learningSeconds: input.for_each.learning,
      except: [],
    },
    measures: input.measures,
    maxSeries: input.for_each ? input.for_each.services * input.for_each.series_each : input.max_series,
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
