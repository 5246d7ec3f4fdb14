import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { gridProblems } from '../lint/grid.ts';
import { panelProblems, shownPanels } from '../lint/panels.ts';
import { dataSourceProblems, linkProblems, variableProblems } from '../lint/references.ts';
import { allDashboards, kubernetesDashboards, readDashboards } from './all-dashboards.ts';
import { DATA_SOURCES } from './data-sources.ts';
import { DASHBOARD_UIDS, KUBERNETES_UIDS } from './links.ts';

const dashboards = [...allDashboards(), ...kubernetesDashboards()];
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
    expect(dashboards.map(({ uid }) => uid)).toEqual(
      expect.arrayContaining([...Object.values(DASHBOARD_UIDS), ...Object.values(KUBERNETES_UIDS)]),
    );
  });

  test('include the home page', () => {
    const settings = readFileSync(join(import.meta.dirname, '..', 'grafana.ini'), 'utf8');
    expect(settings).toContain(`home_page = /d/${DASHBOARD_UIDS.sloOverview}\n`);
  });
});

describe('a dashboard of one’s own', () => {
  function folderWith(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), 'dashboards-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  }
  const exported = JSON.stringify({ id: 7, uid: 'mine', title: 'Mine', panels: [] });
  const module = "export const dashboard = () => ({ uid: 'yours', title: 'Yours', panels: [] });\n";

  test('is a file: TypeScript, or JSON as Grafana exports it, without the number that it had there', async () => {
    const found = await readDashboards(folderWith({ 'b.json': exported, 'a.ts': module, 'c.txt': '' }));
    expect(found).toMatchObject([
      { uid: 'yours', title: 'Yours' },
      { uid: 'mine', title: 'Mine', id: null },
    ]);
  });

  test.each([
    [
      { 'a.json': exported, 'b.json': exported },
      /b\.json: expected a uid of its own, mine is that of a\.json/,
    ],
    [{ 'a.json': '{"title": "Mine"}' }, /a\.json: [\s\S]*uid/],
    [{ 'a.ts': 'export const other = 1;\n' }, /a\.ts: expected an export dashboard/],
  ])('that is none, or has the uid of another, is refused by name: %j', async (files, message) => {
    await expect(readDashboards(folderWith(files))).rejects.toThrow(message);
  });
});
