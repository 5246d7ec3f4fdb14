import {
  LegendDisplayMode,
  LegendPlacement,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Panel, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { type Levels, thresholds } from './levels.ts';

export interface StateTimeline {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  /** Colours of the values; each query needs a sample at every step. */
  readonly levels: Levels;
  readonly mappings: readonly ValueMapping[];
  readonly queries: readonly DataqueryBuilder[];
}

/** Grafana's pages hide lines, and their buttons show even where one page holds all; the builder refuses the 0 that ends them. */
class PanelWithoutPages extends PanelBuilder {
  override build(): Panel {
    const panel = super.build();
    panel.options = { ...panel.options, perPage: 0 };
    return panel;
  }
}

/** A line of coloured stretches for each query. */
export function stateTimeline(options: StateTimeline): PanelBuilder {
  return new PanelWithoutPages()
    .title(options.title)
    .description(options.description)
    .unit(options.unit)
    .thresholds(thresholds(options.levels))
    .mappings([...options.mappings])
    .showValue(VisibilityMode.Never)
    .mergeValues(true)
    .rowHeight(0.8)
    .fillOpacity(80)
    .lineWidth(0)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(false),
    )
    .noValue('No data in this time range')
    .targets([...options.queries]);
}
