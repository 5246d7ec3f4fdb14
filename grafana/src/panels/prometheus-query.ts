import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { DATA_SOURCES } from '../data-sources.ts';

const query = (expression: string, refId: string) =>
  new DataqueryBuilder().datasource(DATA_SOURCES.prometheus).refId(refId).expr(expression);

/** The values over the dashboard's time range. */
export function rangeQuery(refId: string, legend: string, expression: string): DataqueryBuilder {
  return query(expression, refId).range().legendFormat(legend);
}

/** The value at the end of the time range. */
export function instantQuery(refId: string, legend: string, expression: string): DataqueryBuilder {
  return query(expression, refId).instant().legendFormat(legend);
}

/** As {@link instantQuery}, a row a series and a column a label; the value's column is `Value #refId`. */
export function tableQuery(refId: string, expression: string): DataqueryBuilder {
  return query(expression, refId).instant().format(PromQueryFormat.Table);
}

/** Only the exemplars of the series in the expression, as dots that lead to their traces. */
export function exemplarQuery(refId: string, expression: string): DataqueryBuilder {
  return query(expression, refId).range().exemplar(true).legendFormat('');
}

/** Several of {@link rangeQuery}, by legend; named A, B, C. */
export function rangeQueries(byLegend: Readonly<Record<string, string>>): DataqueryBuilder[] {
  return Object.entries(byLegend).map(([legend, expression], index) =>
    rangeQuery(String.fromCharCode(65 + index), legend, expression),
  );
}
