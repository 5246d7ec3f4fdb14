import { TableCellDisplayMode, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { DataqueryBuilder, SearchTableType, TempoQueryType } from '@grafana/grafana-foundation-sdk/tempo';
import { DATA_SOURCES } from '../data-sources.ts';
import { cell, traceUrl } from '../links.ts';
import { type Levels, thresholds } from './levels.ts';
import { textTexts } from './mappings.ts';

export interface TraceTable {
  readonly title: string;
  readonly description: string;
  readonly traceql: string;
  /** Of durations in milliseconds. */
  readonly durationLevels: Levels;
  readonly sortBy: 'Duration' | 'Start';
  readonly noValue: string;
}

const NEWEST = 100;
/** Tempo's words for it do not fit. */
const NO_ROOT = textTexts({ '<root span not yet received>': 'not known' });

/** Traces that Tempo finds, with the service and request they began with; a click on the id leads to the trace. */
export function traceTable(options: TraceTable): PanelBuilder {
  const titles = {
    'Trace ID': 'Trace',
    'Start time': 'Start',
    Service: 'Service',
    Name: 'Request',
    Duration: 'Duration',
  };
  // Without a width a column takes what is left.
  const widths = { Trace: 120, Start: 90, Service: 110, Request: undefined, Duration: 95 };
  return (
    new PanelBuilder()
      .title(options.title)
      .description(options.description)
      .unit('ms')
      .thresholds(thresholds(options.durationLevels))
      .noValue(options.noValue)
      .datasource(DATA_SOURCES.tempo)
      .withTarget(
        new DataqueryBuilder()
          .datasource(DATA_SOURCES.tempo)
          .refId('A')
          .queryType(TempoQueryType.Traceql)
          .query(options.traceql)
          .tableType(SearchTableType.Traces)
          .limit(NEWEST)
          .filters([]),
      )
      // Tempo answers with a table without rows, which Grafana would draw as such: parts of it are none.
      .withTransformation({ id: 'partitionByValues', options: { fields: ['Service'], keepFields: true } })
      .withTransformation({ id: 'merge', options: {} })
      .withTransformation({
        id: 'organize',
        options: {
          excludeByName: { nested: true },
          indexByName: Object.fromEntries(Object.keys(titles).map((name, index) => [name, index])),
          renameByName: titles,
        },
      })
      .overrides(
        Object.entries(widths).map(([name, width]) => ({
          matcher: { id: 'byName', options: name },
          properties: [
            { id: 'custom.width', value: width },
            // The table's own text for "no value" would show in each empty cell.
            { id: 'noValue', value: '–' },
            // In place of the data source's own, which opens Explore without a time range.
            ...(name === 'Trace'
              ? [
                  { id: 'links', value: [{ title: 'Open the trace', url: traceUrl(cell('Trace')) }] },
                  // An id says nothing, least of all the half of it that there is room for.
                  { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.DataLinks } },
                ]
              : []),
            ...(name === 'Service' ? [{ id: 'mappings', value: [NO_ROOT] }] : []),
            ...(name === 'Start' ? [{ id: 'unit', value: 'time:HH:mm:ss' }] : []),
          ],
        })),
      )
      .sortBy([new TableSortByFieldStateBuilder().displayName(options.sortBy).desc(true)])
  );
}
