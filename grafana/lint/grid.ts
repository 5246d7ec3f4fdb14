import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

const COLUMNS = 24;

/** Panels that leave the grid, lie on each other, or share an id. */
export function gridProblems(dashboard: Dashboard): readonly string[] {
  const problems: string[] = [];
  // As they lie once every heading is opened, which pushes down what is below.
  const panels = (dashboard.panels ?? []).flatMap((panel) => [
    panel,
    ...('panels' in panel ? panel.panels : []),
  ]);
  const ids = new Set<number | undefined>();
  panels.forEach((panel, index) => {
    if (panel.id === undefined || ids.has(panel.id))
      problems.push(`panel "${panel.title}" has no id of its own`);
    ids.add(panel.id);
    const place = panel.gridPos;
    if (!place || place.x < 0 || place.y < 0 || place.w < 1 || place.h < 1 || place.x + place.w > COLUMNS) {
      problems.push(`panel "${panel.title}" is outside of the grid`);
      return;
    }
    for (const other of panels.slice(index + 1)) {
      const q = other.gridPos;
      if (!q) continue;
      const apart =
        place.x + place.w <= q.x || q.x + q.w <= place.x || place.y + place.h <= q.y || q.y + q.h <= place.y;
      if (!apart) problems.push(`panels "${panel.title}" and "${other.title}" overlap`);
    }
  });
  return problems;
}
