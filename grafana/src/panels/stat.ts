import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { panelLinks, type ValueLink } from '../links.ts';
import { COLORS, type Levels, ofFigure, thresholds } from './levels.ts';
import { instantQuery } from './prometheus-query.ts';

/** Where a query that always has a result has none: it failed. */
export const UNKNOWN = 'Unknown';

export interface Stat {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly decimals?: number;
  readonly expression: string;
  /** Shown beside the value. */
  readonly legend?: string;
  readonly levels: Levels;
  readonly mappings?: readonly ValueMapping[];
  /** Shown where the query has no result. */
  readonly noValue: string;
  /** Fills the panel with the level's colour: for the one figure to see from afar. */
  readonly filled?: boolean;
  /** The page that says more. */
  readonly links?: readonly ValueLink[];
}

/** One figure, as of the end of the time range. */
export function stat(options: Stat): PanelBuilder {
  const panel = new PanelBuilder()
    .title(options.title)
    .description(options.description)
    .unit(options.unit)
    .thresholds(thresholds(ofFigure(options.levels, options.filled ? COLORS.unknown : COLORS.plain)))
    .mappings([...(options.mappings ?? [])])
    .noValue(options.noValue)
    .colorMode(options.filled ? BigValueColorMode.BackgroundSolid : BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .textMode(options.legend ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .withTarget(instantQuery('A', options.legend ?? options.title, options.expression));
  if (options.decimals !== undefined) panel.decimals(options.decimals);
  if (options.links) panel.dataLinks(panelLinks(options.links));
  return panel;
}
