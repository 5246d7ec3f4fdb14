import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { panelLinks, type ValueLink } from '../links.ts';
import { COLORS, type Color, type Levels, thresholds } from './levels.ts';
import { lineColors } from './line-colors.ts';

/** How a line is drawn that means the same whatever else is in the panel. */
interface Line {
  readonly color: Color;
  /** Of a bound, not of something measured. */
  readonly dashed?: boolean;
}

export interface TimeSeries {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly decimals?: number;
  readonly queries: readonly Builder<Dataquery>[];
  /** Drawn as dashed lines where they have steps. */
  readonly levels: Levels;
  readonly min?: number;
  /** The axis reaches at least this low. */
  readonly softMin?: number;
  readonly max?: number;
  /** The axis reaches at least this high, so that noise near zero looks like what it is. */
  readonly softMax?: number;
  readonly noValue?: string;
  /** Without the names below, where they would take the room of the lines; the tooltip has them. */
  readonly hideLegend?: boolean;
  /** Points are at least this far apart, as `30s`: what is counted over less jumps. */
  readonly minInterval?: string;
  /** Every line is about failures: shades of red. Else of hues that are of no state. */
  readonly failures?: boolean;
  /** Names of lines about failures among others, a regular expression: shades of red. */
  readonly failing?: string;
  /** Lines drawn otherwise, by name. */
  readonly lines?: Readonly<Record<string, Line>>;
  /** Where a click on a line leads. */
  readonly links?: readonly ValueLink[];
  /** Draws what stands alone between gaps as a dot: a line needs two samples, and counts of lines have none where nothing was. */
  readonly sparse?: boolean;
}

/** Lines over time, named at the bottom. Gaps in the data stay gaps. */
export function timeSeries(options: TimeSeries): PanelBuilder {
  const hasSteps = options.levels.steps.length > 1;
  const panel = new PanelBuilder()
    .title(options.title)
    .description(options.description)
    .unit(options.unit)
    .thresholds(thresholds(options.levels))
    .thresholdsStyle(
      new GraphThresholdsStyleConfigBuilder().mode(
        hasSteps ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off,
      ),
    )
    .overrides([
      ...lineColors(options.queries, options.failures ?? false),
      ...(options.failing === undefined
        ? []
        : [
            {
              matcher: { id: 'byRegexp', options: `/${options.failing}/` },
              properties: [{ id: 'color', value: { mode: FieldColorModeId.Shades, fixedColor: COLORS.bad } }],
            },
          ]),
      ...Object.entries(options.lines ?? {}).map(([name, { color, dashed }]) => ({
        matcher: { id: 'byName', options: name },
        properties: [
          { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: color } },
          ...(dashed ? [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [6, 6] } }] : []),
        ],
      })),
    ])
    .lineWidth(1)
    .fillOpacity(0)
    .showPoints(options.sparse ? VisibilityMode.Auto : VisibilityMode.Never)
    .spanNulls(false)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(!options.hideLegend),
    )
    .noValue(options.noValue ?? 'No data in this time range')
    .targets([...options.queries]);
  if (options.minInterval !== undefined) panel.interval(options.minInterval);
  if (options.links) panel.dataLinks(panelLinks(options.links));
  if (options.decimals !== undefined) panel.decimals(options.decimals);
  if (options.min !== undefined) panel.min(options.min);
  if (options.max !== undefined) panel.max(options.max);
  if (options.softMin !== undefined) panel.axisSoftMin(options.softMin);
  if (options.softMax !== undefined) panel.axisSoftMax(options.softMax);
  return panel;
}
