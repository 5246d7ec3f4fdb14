import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { deploys, firingPages, flagChanges, generatedHistory } from './annotations.ts';
import { linksToAll, TAG } from './links.ts';
import { ALL_SLOS, type SloScope } from './queries/slo.ts';

const GRID_COLUMNS = 24;

interface Placeable {
  span(columns: number): Placeable;
  height(rows: number): Placeable;
  build(): Panel;
}

/** Panels side by side, of one height; the widths add up to 24. */
interface Row {
  readonly height: number;
  readonly panels: readonly (readonly [width: number, panel: Placeable])[];
}

/** Rows under a heading. */
export interface Section {
  readonly heading?: string;
  /** Shows the heading alone until somebody opens it; its panels ask for nothing before. */
  readonly collapsed?: boolean;
  readonly rows: readonly Row[];
}

export interface NewDashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** SLOs whose pages are marked in every panel over time; all of them by default. */
  readonly alerts?: SloScope;
}

/** An empty dashboard with what all have in common. */
export function newDashboard(options: NewDashboard): DashboardBuilder {
  return (
    new DashboardBuilder(options.title)
      .uid(options.uid)
      .description(options.description)
      .tags([TAG])
      // That of whoever looks, and kept by links where another is chosen.
      .timezone('')
      .time({ from: 'now-1h', to: 'now' })
      .refresh('30s')
      .tooltip(DashboardCursorSync.Crosshair)
      .links([linksToAll()])
      .annotation(generatedHistory())
      .annotation(firingPages(options.alerts ?? ALL_SLOS))
      .annotation(deploys())
      .annotation(flagChanges())
  );
}

/** Places the sections from top to bottom and numbers the panels in reading order. @throws where a row is not 24 wide. */
export function complete(builder: DashboardBuilder, sections: readonly Section[]): Dashboard {
  for (const { heading, collapsed, rows } of sections) {
    const row = new RowBuilder(heading ?? '').collapsed(collapsed ?? false);
    const target = collapsed ? row : builder;
    if (heading && !collapsed) builder.withRow(row);
    for (const { height, panels } of rows) {
      const width = panels.reduce((sum, [columns]) => sum + columns, 0);
      if (width !== GRID_COLUMNS)
        throw new Error(`a row of ${heading ?? 'the first section'} is ${width} columns wide, not 24`);
      for (const [columns, panel] of panels) target.withPanel(panel.span(columns).height(height));
    }
    if (collapsed) builder.withRow(row);
  }
  const dashboard = builder.build();
  const numbered = (dashboard.panels ?? []).flatMap((panel) => [
    panel,
    ...('panels' in panel ? panel.panels : []),
  ]);
  numbered.forEach((panel, index) => {
    panel.id = index + 1;
  });
  return dashboard;
}
