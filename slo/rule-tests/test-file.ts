import type { Slo } from '../model/slo.ts';
import { counterNotation } from './counter-notation.ts';
import { type EventTimeline, eventTimeline } from './event-timeline.ts';
import type { SyntheticSeries } from './synthetic-series.ts';

/** promtool's test file, as far as it is generated here. @see https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/ */
export interface RuleTestFile {
  readonly rule_files: readonly string[];
  readonly evaluation_interval: string;
  /** Without it the order is random, and one group may see another's values of the evaluation before. */
  readonly group_eval_order: readonly string[];
  readonly tests: readonly RuleTest[];
}

export interface RuleTest {
  /** Time of the first sample; 1970 without it. */
  readonly start_timestamp?: string;
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly promql_expr_test: readonly ExpressionTest[];
}

export interface ExpressionTest {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

export interface AlertSelection {
  readonly alert: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Expects exactly one such alert of the SLO to fire, or none. */
export function expectAlert(
  slo: Slo,
  { alert, labels = {} }: AlertSelection,
  fires: boolean,
  seconds: number,
): ExpressionTest {
  const all = { alertname: alert, alertstate: 'firing', slo: slo.name, service: slo.service, ...labels };
  const matchers = Object.entries(all).map(([label, value]) => `${label}="${value}"`);
  return expectOne(`count(ALERTS{${matchers.join(',')}})`, fires, seconds);
}

/** Expects an expression without labels to be 1, or to have no result. */
export function expectOne(expr: string, present: boolean, seconds: number): ExpressionTest {
  return { expr, eval_time: `${seconds}s`, exp_samples: present ? [{ labels: '{}', value: 1 }] : [] };
}

/** Expects no alert of the SLO in any of these severities. */
export function expectSilence(slo: Slo, severities: readonly string[], seconds: number): ExpressionTest {
  const expr = `ALERTS{alertstate="firing",severity=~"${severities.join('|')}",slo="${slo.name}"}`;
  return { expr, eval_time: `${seconds}s`, exp_samples: [] };
}

/** The two series of an SLO along a timeline. */
export function inputSeries(
  slo: Slo,
  { numerator, other, otherCounts }: SyntheticSeries,
  { shownBad, shownTotal }: EventTimeline = eventTimeline([]),
): RuleTest['input_series'] {
  const good = shownTotal.map((total, tick) =>
    total === undefined ? undefined : total - (shownBad[tick] ?? 0),
  );
  const [counted, rest] = slo.indicator.counts === 'bad' ? [shownBad, good] : [good, shownBad];
  return [
    { series: numerator, values: counterNotation(counted) },
    { series: other, values: counterNotation(otherCounts === 'rest' ? rest : shownTotal) },
  ];
}
