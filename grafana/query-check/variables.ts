import type { Dashboard, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { DATA_SOURCES } from '../src/data-sources.ts';
import type { DashboardQuery, VariableValues } from './dashboard-queries.ts';
import { emptyWhenCalm } from './empty-when-calm.ts';
import { type Intervals, interpolated } from './interpolation.ts';

/** Resolves a query of a variable into the values to choose from. */
export type ValuesOf = (query: DashboardQuery) => Promise<readonly string[]>;

/**
 * The values that the variables have when the dashboard is opened: the preferred one where it can be chosen, else the
 * first; what `All` stands for where that is chosen; the empty text where there is nothing to choose from.
 */
export async function openingValues(
  dashboard: Dashboard,
  intervals: Intervals,
  valuesOf: ValuesOf,
): Promise<VariableValues> {
  const values: Record<string, string> = {};
  for (const variable of dashboard.templating?.list ?? []) {
    const preferred = [variable.current?.value].flat()[0];
    if (preferred === '$__all' && variable.allValue) {
      values[variable.name] = variable.allValue;
      continue;
    }
    const query = variableQuery(dashboard.uid!, variable, values, intervals);
    const choices = query ? await valuesOf(query) : fixedChoices(variable);
    values[variable.name] = choices.find((choice) => choice === preferred) ?? choices[0] ?? '';
  }
  return values;
}

const fixedChoices = (variable: VariableModel) => (variable.options ?? []).map(({ value }) => `${value}`);

/** What a query variable asks, with the variables before it filled in; undefined for one of given values. */
function variableQuery(
  uid: string,
  variable: VariableModel,
  values: VariableValues,
  intervals: Intervals,
): DashboardQuery | undefined {
  const { definition, name } = variable as VariableModel & { definition?: string };
  const parts = /^label_values\((.+), (\w+)\)$/.exec(definition ?? '');
  if (!parts) return undefined;
  const which = { where: `variable ${name}`, refId: `variable-${name}`, kind: 'label-values' } as const;
  const reason = emptyWhenCalm(uid, which);
  return {
    dashboard: uid,
    ...which,
    dataSource: DATA_SOURCES.prometheus.uid,
    query: interpolated(parts[1]!, values, intervals),
    label: parts[2]!,
    legendLabels: [],
    ...(reason && { mayBeEmpty: reason }),
  };
}
