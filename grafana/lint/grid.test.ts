import { type Dashboard, DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { describe, expect, test } from 'vitest';
import { gridProblems } from './grid.ts';

function dashboard(
  ...places: readonly { id: number; x: number; y: number; w: number; h: number }[]
): Dashboard {
  const builder = new DashboardBuilder('Shown');
  for (const { id, ...place } of places)
    builder.withPanel(new PanelBuilder().title(`${id}`).id(id).gridPos(place));
  return builder.build();
}

describe('the grid', () => {
  test('panels side by side and one below the other are fine', () => {
    expect(
      gridProblems(
        dashboard(
          { id: 1, x: 0, y: 0, w: 12, h: 4 },
          { id: 2, x: 12, y: 0, w: 12, h: 4 },
          { id: 3, x: 0, y: 4, w: 24, h: 4 },
        ),
      ),
    ).toEqual([]);
  });

  test('an overlap, a panel beyond the right edge and an id twice are each a problem', () => {
    expect(
      gridProblems(dashboard({ id: 1, x: 1, y: 0, w: 12, h: 4 }, { id: 2, x: 12, y: 3, w: 12, h: 4 })),
    ).toEqual(['panels "1" and "2" overlap']);
    expect(gridProblems(dashboard({ id: 1, x: 20, y: 0, w: 5, h: 4 }))).toEqual([
      'panel "1" is outside of the grid',
    ]);
    expect(
      gridProblems(dashboard({ id: 1, x: 1, y: 0, w: 2, h: 2 }, { id: 1, x: 3, y: 0, w: 2, h: 2 })),
    ).toEqual(['panel "1" has no id of its own']);
  });
});
