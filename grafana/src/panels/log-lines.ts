import { LogsDedupStrategy, LogsSortOrder } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/logs';
import { NO_LEVELS, thresholds } from './levels.ts';
import { logLinesQuery } from './loki-query.ts';

const NEWEST = 200;

/** The newest lines; a click on one shows its fields, and its trace id leads to the trace. */
export function logLines(options: {
  readonly title: string;
  readonly description: string;
  readonly expression: string;
  readonly noValue: string;
}): PanelBuilder {
  return new PanelBuilder()
    .title(options.title)
    .description(options.description)
    .unit('short')
    .thresholds(thresholds(NO_LEVELS))
    .noValue(options.noValue)
    .showTime(true)
    .showLabels(false)
    .showCommonLabels(false)
    .wrapLogMessage(false)
    .prettifyLogMessage(false)
    .enableLogDetails(true)
    .sortOrder(LogsSortOrder.Descending)
    .dedupStrategy(LogsDedupStrategy.None)
    .withTarget(logLinesQuery('A', options.expression, NEWEST));
}
