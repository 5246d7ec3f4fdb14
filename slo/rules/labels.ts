import type { Slo } from '../model/slo.ts';
import { byClause } from '../promql/promql.ts';
import { groupText, literal } from './templates.ts';

/** Labels that every recorded series of an SLO gets, beside those of its groups. */
export function labelsOf(slo: Slo): Record<string, string> {
  return { slo: slo.name, service: slo.service, ...slo.labels };
}

/** Labels of an alert. `slo_group` says in one label which group it is of: Alertmanager's inhibition needs a fixed name. */
export function alertLabels(slo: Slo, own: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...own,
    ...Object.fromEntries(Object.entries(labelsOf(slo)).map(([name, value]) => [name, literal(value)])),
    // A label of the definition may be called tier or window, too: then the alert's own says more.
    ...own,
    ...(slo.groupBy.length > 0 ? { slo_group: groupText(slo) } : {}),
    ...(slo.options.burnIn ? { burn_in: 'true' } : {}),
  };
}

/** Names of all labels that recorded series of the SLO have, for `by (...)`. */
export function seriesLabels(slo: Slo): string {
  return byClause([...Object.keys(labelsOf(slo)), ...slo.groupBy]).trim();
}

/** Recorded series without the labels that only they have, so that counters can be held against them: one value a group. */
export function withoutRecordedLabels(slo: Slo, expr: string): string {
  return `sum${byClause(slo.groupBy)}(${expr})`;
}
