import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gridProblems } from '../lint/grid.ts';
import { panelProblems, shownPanels } from '../lint/panels.ts';
import { dataSourceProblems, linkProblems, variableProblems } from '../lint/references.ts';
import { allDashboards } from './dashboards.ts';
import { DATA_SOURCES } from './data-sources.ts';
import { DASHBOARD_UIDS } from './links.ts';

const dashboards = allDashboards();
const sources = new Set(Object.values(DATA_SOURCES).map(({ uid }) => uid));

describe.each(dashboards.map((dashboard) => ({ uid: dashboard.uid, dashboard })))(
  'dashboard $uid',
  ({ dashboard }) => {
    test('has a title, a description and panels', () => {
      expect(dashboard).toMatchObject({
        title: expect.stringMatching(/./),
        description: expect.stringMatching(/./),
      });
      expect(shownPanels(dashboard).length).toBeGreaterThan(0);
    });

    test('has panels that explain themselves and queries that parse', () => {
      expect(shownPanels(dashboard).flatMap(panelProblems)).toEqual([]);
    });

    test('keeps its panels inside the grid and apart', () => {
      expect(gridProblems(dashboard)).toEqual([]);
    });

    test('uses only provisioned data sources, its own variables and links that resolve', () => {
      expect(dataSourceProblems(dashboard, sources)).toEqual([]);
      expect(variableProblems(dashboard)).toEqual([]);
      expect(linkProblems(dashboard, dashboards)).toEqual([]);
    });
  },
);

describe('all dashboards', () => {
  test('have the uids that alerts and documents link to', () => {
    expect(dashboards.map(({ uid }) => uid).toSorted()).toEqual(Object.values(DASHBOARD_UIDS).toSorted());
  });

  test('include the home page', () => {
    const settings = readFileSync(join(import.meta.dirname, '..', 'grafana.ini'), 'utf8');
    expect(settings).toContain(`home_page = /d/${DASHBOARD_UIDS.sloOverview}\n`);
  });
});
