import { TableCellDisplayMode, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type {
  DataTransformerConfig,
  DynamicConfigValue,
  ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { ValueLink } from '../links.ts';
import { COLORS, type Levels, levels, NO_LEVELS, thresholds } from './levels.ts';
import { logInstantQuery } from './loki-query.ts';
import { valueTexts } from './mappings.ts';
import { tableQuery } from './prometheus-query.ts';
import { UNKNOWN } from './stat.ts';

interface Column {
  readonly title: string;
  readonly width?: number;
  /** Where a click on the cell leads; where there are several, a menu of them opens. */
  readonly links?: readonly ValueLink[];
  /** For links of other columns only. */
  readonly hidden?: boolean;
  readonly cell?: keyof typeof CELLS;
  readonly mappings?: readonly ValueMapping[];
}

/** A column of a label's values. */
interface LabelColumn extends Column {
  readonly label: string;
}

/** A column of the values of a query that has one sample for each row. */
interface ValueColumn extends Column {
  readonly expression: string;
  readonly unit: string;
  readonly decimals?: number;
  readonly levels?: Levels;
  readonly min?: number;
  readonly max?: number;
}

interface Order {
  readonly title: string;
  readonly descending: boolean;
}

export interface Table {
  readonly title: string;
  readonly description: string;
  readonly columns: readonly (LabelColumn | ValueColumn)[];
  /** What the expressions are written in; PromQL where left out. */
  readonly language?: 'promql' | 'logql';
  /** Labels of the queries' samples that tell rows apart and are not shown. */
  readonly hiddenLabels?: readonly string[];
  readonly sortBy: Order;
  /** Order of rows that the first one leaves equal. */
  readonly thenBy?: Order;
  /** Shown where the queries have no result; that they failed, where left out. */
  readonly noValue?: string;
  /** The row of a table that has no other: a text in the column of a label, since Grafana shows empty tables without a word. */
  readonly none?: { readonly label: string; readonly text: string };
  /** Leaves out rows that have no value in this column. */
  readonly onlyWith?: string;
}

const CELLS = {
  text: { type: TableCellDisplayMode.Auto },
  /** The row grows until all of it shows. */
  wrapped: { type: TableCellDisplayMode.Auto, wrapText: true },
  color: { type: TableCellDisplayMode.ColorBackground, mode: 'basic' },
  gauge: { type: TableCellDisplayMode.Gauge, mode: 'basic', valueDisplayMode: 'text' },
} as const;

/** Value of the row that says there is none: below whatever a table counts, so that it can be shown as no figure. */
const NO_ROW = -1;
const NO_FIGURE = valueTexts({ [NO_ROW]: { text: '–', color: COLORS.calm } });

/**
 * One row for each combination of the label columns' values, as of the end of the time range; the queries must yield exactly
 * these labels, so that Grafana merges their samples into rows.
 */
export function table(options: Table): PanelBuilder {
  const values = options.columns.filter((column) => 'expression' in column);
  const refIds = new Map(values.map((column, index) => [column.title, String.fromCharCode(65 + index)]));
  const isLogs = options.language === 'logql';
  const query = isLogs ? logInstantQuery : tableQuery;
  // Whose value the row has that says there is none.
  const carrier = options.none && (options.onlyWith ?? values[0]!.title);
  // Of Prometheus, Grafana names the value's column after its query only where there are several.
  const sourceOf = (column: LabelColumn | ValueColumn) =>
    'label' in column
      ? column.label
      : values.length > 1 || isLogs
        ? `Value #${refIds.get(column.title)}`
        : 'Value';
  const transformations: DataTransformerConfig[] = [
    { id: 'merge', options: {} },
    {
      id: 'organize',
      options: {
        excludeByName: Object.fromEntries(
          ['Time', ...(options.hiddenLabels ?? [])].map((name) => [name, true]),
        ),
        indexByName: Object.fromEntries(options.columns.map((column, index) => [sourceOf(column), index])),
        renameByName: Object.fromEntries(options.columns.map((column) => [sourceOf(column), column.title])),
      },
    },
    ...(options.onlyWith === undefined
      ? []
      : [
          {
            id: 'filterByValue',
            options: {
              type: 'include',
              match: 'all',
              filters: [{ fieldName: options.onlyWith, config: { id: 'isNotNull', options: {} } }],
            },
          },
        ]),
  ];
  return new PanelBuilder()
    .title(options.title)
    .description(options.description)
    .unit('short')
    .thresholds(thresholds(NO_LEVELS))
    .noValue(options.noValue ?? UNKNOWN)
    .minWidth(50)
    .targets(
      values.map(({ title, expression }) =>
        query(
          refIds.get(title)!,
          options.none && title === carrier
            ? `${expression} or on () label_replace(vector(${NO_ROW}), "${options.none.label}", "${options.none.text}", "", "")`
            : expression,
        ),
      ),
    )
    .transformations(transformations)
    .overrides(
      options.columns.map((column) => ({
        matcher: { id: 'byName', options: column.title },
        properties: properties(
          column.title === carrier
            ? { ...column, mappings: [...(column.mappings ?? []), NO_FIGURE] }
            : column,
        ),
      })),
    )
    .sortBy(
      [options.sortBy, ...(options.thenBy ? [options.thenBy] : [])].map(({ title, descending }) =>
        new TableSortByFieldStateBuilder().displayName(title).desc(descending),
      ),
    );
}

function properties(column: LabelColumn | ValueColumn): DynamicConfigValue[] {
  const set: DynamicConfigValue[] = [
    { id: 'custom.cellOptions', value: CELLS[column.cell ?? 'text'] },
    // The table's own text for "no value" would show in each empty cell.
    { id: 'noValue', value: '–' },
  ];
  const add = (id: string, value: unknown) => {
    if (value !== undefined) set.push({ id, value });
  };
  if ('expression' in column) {
    add('unit', column.unit);
    add('decimals', column.decimals);
    add('min', column.min);
    add('max', column.max);
  }
  // Whatever no level or mapping colours stays as the table is.
  add(
    'thresholds',
    ('levels' in column && column.levels) || (column.cell === 'color' ? levels(COLORS.calm) : undefined),
  );
  add('custom.hidden', column.hidden);
  add('mappings', column.mappings);
  add('custom.width', column.width);
  add('links', column.links);
  return set;
}
