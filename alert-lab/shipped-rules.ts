import { readFile } from 'node:fs/promises';
import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { withSeriesReplaced } from '@aiops-sre/slo/promql/selectors.ts';
import { parse } from 'yaml';
import { z } from 'zod';

const ruleFile = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          record: z.string().optional(),
          alert: z.string().optional(),
          expr: z.string(),
          labels: z.record(z.string(), z.string()),
        }),
      ),
    }),
  ),
});

export interface ShippedRules {
  /** The series that windows of days average, as expressions of the counters. */
  readonly minuteSeries: readonly {
    readonly record: string;
    readonly labels: string;
    readonly expr: string;
  }[];
  /** The burn-rate alerts as expressions of the counters and of the minute series. */
  readonly alerts: readonly { readonly severity: string; readonly window: string; readonly expr: string }[];
}

const MATERIALISED: readonly string[] = [SERIES.totalRateMinute, SERIES.badRateMinute];
const BURN_ALERTS = ['ErrorBudgetBurn', 'ErrorBudgetSlowBurn'];
const TICK = '15s';

/**
 * The committed rules with recorded series replaced by what they record, so that a past can be asked what they would have
 * said: a query over a time that was not lived through finds no recorded series. Nothing else of them changes.
 */
export async function readShippedRules(file: string): Promise<ShippedRules> {
  const rules = ruleFile.parse(parse(await readFile(file, 'utf8'))).groups.flatMap((group) => group.rules);
  const records = new Map(rules.flatMap((rule) => (rule.record ? [[rule.record, rule] as const] : [])));
  const inlined = (expr: string): string =>
    withSeriesReplaced(expr, TICK, (metric) => {
      const rule = records.get(metric);
      return !rule || MATERIALISED.includes(metric) ? undefined : labelled(inlined(rule.expr), rule.labels);
    });
  return {
    minuteSeries: MATERIALISED.map((record) => {
      const rule = records.get(record)!;
      return { record, labels: labelText(rule.labels), expr: inlined(rule.expr) };
    }),
    alerts: rules
      .filter(({ alert }) => alert !== undefined && BURN_ALERTS.includes(alert))
      .map(({ labels, expr }) => ({
        severity: labels.severity ?? '',
        window: labels.window ?? '',
        expr: inlined(expr),
      })),
  };
}

/** A recording rule sets labels, and operators match on them. */
function labelled(expr: string, labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels).reduce(
    (inner, [label, value]) =>
      `label_replace(${inner}, "${label}", ${JSON.stringify(value.replaceAll('$', '$$$$'))}, "", "")`,
    `(${expr})`,
  );
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(',');
}
