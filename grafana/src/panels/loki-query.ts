import { DataqueryBuilder, LokiQueryDirection, LokiQueryType } from '@grafana/grafana-foundation-sdk/loki';
import { DATA_SOURCES } from '../data-sources.ts';

const query = (expression: string, refId: string) =>
  new DataqueryBuilder().datasource(DATA_SOURCES.loki).refId(refId).expr(expression);

/** Figures made of lines, over the dashboard's time range. */
export function logRangeQuery(refId: string, legend: string, expression: string): DataqueryBuilder {
  return query(expression, refId).queryType(LokiQueryType.Range).legendFormat(legend);
}

/** Figures made of lines, as of the end of the time range; a row a series, the value's column is `Value #refId`. */
export function logInstantQuery(refId: string, expression: string): DataqueryBuilder {
  return query(expression, refId).queryType(LokiQueryType.Instant);
}

/** The newest lines themselves. */
export function logLinesQuery(refId: string, expression: string, lines: number): DataqueryBuilder {
  return query(expression, refId)
    .queryType(LokiQueryType.Range)
    .maxLines(lines)
    .direction(LokiQueryDirection.Backward);
}
