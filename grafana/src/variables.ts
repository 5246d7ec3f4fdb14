import {
  CustomVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DATA_SOURCES } from './data-sources.ts';

interface Choice {
  /** Label of the series that holds the values; the variable's name where left out. */
  readonly from?: string;
  /** Chosen at first, where it is among the values; else the first of the alphabet. */
  readonly preferred?: string;
}

/** One value of a label of these series. */
export function labelVariable(
  name: string,
  label: string,
  series: string,
  choice: Choice = {},
): QueryVariableBuilder {
  const query = `label_values(${series}, ${choice.from ?? name})`;
  const variable = new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATA_SOURCES.prometheus)
    .query({ query, refId: `variable-${name}` })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
  if (choice.preferred) variable.current({ text: choice.preferred, value: choice.preferred });
  return variable;
}

/** Any number of values of a label, all at first; for matchers with `=~`. */
export function labelsVariable(
  name: string,
  label: string,
  series: string,
  from = name,
): QueryVariableBuilder {
  return labelVariable(name, label, series, { from })
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: ['All'], value: ['$__all'] });
}

/** One of a few given values. */
export function fixedVariable(
  name: string,
  label: string,
  values: readonly string[],
  preferred: string,
): CustomVariableBuilder {
  return new CustomVariableBuilder(name)
    .label(label)
    .values(values.join(','))
    .options(values.map((value) => ({ text: value, value, selected: value === preferred })))
    .current({ text: preferred, value: preferred });
}

/** A text to type; empty at first. */
export function textVariable(name: string, label: string): TextBoxVariableBuilder {
  return new TextBoxVariableBuilder(name).label(label);
}
