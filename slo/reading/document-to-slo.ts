import { durationSeconds } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { type SchemaProblem, shown } from '@aiops-sre/service-kit/schema/check.ts';
import { type BurnRatePair, type BurnRateWindows, pairsFor } from '../model/burn-rate-windows.ts';
import { decimalOf, multiply, subtract } from '../model/decimal.ts';
import { longestDays, nominalDays } from '../model/period.ts';
import type { Period, Slo, TimeSlice } from '../model/slo.ts';
import type { IndicatorSpec, ObjectiveDocument, PeriodDocument, SloDocument } from './definition-schema.ts';
import { optionsOf } from './settings.ts';
import { toIndicator } from './to-indicator.ts';

/** What an SLO's document refers to, found by its name. */
export interface SloContext {
  readonly windows: BurnRateWindows;
  readonly serviceLabels: Readonly<Record<string, string>>;
  readonly indicator: { readonly spec: IndicatorSpec; readonly path: readonly PropertyKey[] };
}

export interface ReadSlo {
  readonly slo: Slo;
  /** What was rewritten, in words. */
  readonly notes: readonly string[];
  readonly unreachable: readonly BurnRatePair[];
}

/** An SLO for each objective of a document: what the schema can not say goes to `problems`. */
export function toSlos(document: SloDocument, context: SloContext, problems: SchemaProblem[]): ReadSlo[] {
  const { objectives } = document.spec;
  const names = objectiveNames(document);
  return objectives.flatMap((objective, index) => {
    const slo = toSlo(document, objective, names[index]!, ['spec', 'objectives', index], context, problems);
    return slo ? [slo] : [];
  });
}

function toSlo(
  { metadata, spec }: SloDocument,
  objective: ObjectiveDocument,
  { name, displayName }: { readonly name: string; readonly displayName: string },
  objectivePath: readonly PropertyKey[],
  { windows, serviceLabels, indicator }: SloContext,
  problems: SchemaProblem[],
): ReadSlo | undefined {
  const before = problems.length;
  const settings = metadata.annotations ?? {};
  if (name.length > 63)
    problems.push({
      path: ['metadata', 'name'],
      found: shown(name),
      possible: 'a shorter name: objectives add to it',
    });
  const read = toIndicator(
    { ...indicator, objective, objectivePath, groupBy: settings['slo/group-by']?.toSorted() },
    problems,
  );
  const timeSlice = toTimeSlice(spec, objective, objectivePath, problems);
  if (problems.length > before || !read) return undefined;
  const period = toPeriod(spec.timeWindow[0] as PeriodDocument);
  const share =
    objective.target === undefined
      ? multiply(decimalOf(objective.targetPercent!), '0.01')
      : decimalOf(objective.target);
  const errorBudget = subtract('1', share);
  const { pairs, unreachable } = pairsFor(nominalDays(period), errorBudget, windows);
  return {
    notes: read.notes,
    unreachable,
    slo: {
      name,
      service: spec.service,
      displayName,
      description: spec.description ?? indicator.spec.description ?? '',
      labels: { ...serviceLabels, ...metadata.labels },
      groupBy: read.groupBy,
      objective: share,
      errorBudget,
      period,
      periodDays: longestDays(period),
      pairs,
      indicator: timeSlice ? { ...read.indicator, notPlain: 'it counts time slices' } : read.indicator,
      timeSlice,
      options: optionsOf(settings),
    },
  };
}

/** One objective has the document's name; several are told apart by what they are called, their bound or their place. */
function objectiveNames({ metadata, spec }: SloDocument) {
  const title = metadata.displayName ?? metadata.name;
  const { objectives } = spec;
  if (objectives.length === 1) {
    const own = objectives[0]!.displayName;
    return [{ name: metadata.name, displayName: own && metadata.displayName === undefined ? own : title }];
  }
  const taken = new Set<string>();
  return objectives.map(({ displayName, value }, index) => {
    const slug = (text: string) =>
      text
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '');
    const suffix = slug(displayName ?? (value === undefined ? '' : decimalOf(value))) || String(index + 1);
    const name = `${metadata.name}-${taken.has(suffix) ? index + 1 : suffix}`;
    taken.add(suffix);
    return {
      name,
      displayName: `${title}: ${displayName ?? (value === undefined ? index + 1 : `within ${value}`)}`,
    };
  });
}

function toTimeSlice(
  { budgetingMethod }: SloDocument['spec'],
  { timeSliceTarget, timeSliceWindow }: ObjectiveDocument,
  path: readonly PropertyKey[],
  problems: SchemaProblem[],
): TimeSlice | undefined {
  const fields = Object.entries({ timeSliceTarget, timeSliceWindow });
  const sliced = budgetingMethod === 'Timeslices';
  for (const [field, value] of fields)
    if ((value !== undefined) !== sliced)
      problems.push({
        path: [...path, field],
        found: shown(value),
        possible: sliced
          ? `a ${field}, as budgetingMethod is Timeslices`
          : 'nothing beside budgetingMethod Occurrences: it belongs to Timeslices',
      });
  if (timeSliceTarget === undefined || timeSliceWindow === undefined) return undefined;
  return { window: timeSliceWindow, allowedErrorRatio: subtract('1', decimalOf(timeSliceTarget)) };
}

function toPeriod(window: PeriodDocument): Period {
  if (!('calendar' in window)) return { kind: 'rolling', days: durationSeconds(window.duration)! / 86_400 };
  const unit = window.duration === '1M' ? 'month' : 'quarter';
  return { kind: 'calendar', unit, timeZone: window.calendar.timeZone };
}
