import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { DASHBOARDS_FOLDER, generateDashboards, KUBERNETES_FOLDER } from './generate.ts';
import { kubernetesDashboards } from './src/all-dashboards.ts';

const folder = mkdtempSync(join(tmpdir(), 'dashboards-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the generated dashboards', () => {
  test('in the repository are up to date (if not: npm run generate)', () => {
    expect(generateDashboards({ folder: DASHBOARDS_FOLDER, check: true })).toEqual([]);
    const dashboards = kubernetesDashboards();
    expect(generateDashboards({ folder: KUBERNETES_FOLDER, check: true, dashboards })).toEqual([]);
  });

  test('are written once, then nothing is left to do', () => {
    const written = generateDashboards({ folder, check: false });
    expect(readdirSync(folder).toSorted()).toEqual(written);
    expect(generateDashboards({ folder, check: true })).toEqual([]);
  });

  test('that were edited or whose source is gone are found by a check, which changes nothing', () => {
    const [first] = generateDashboards({ folder, check: false });
    writeFileSync(join(folder, first!), '{}\n');
    writeFileSync(join(folder, 'zz-gone.json'), '{}\n');
    expect(generateDashboards({ folder, check: true })).toEqual([first, 'zz-gone.json']);
    expect(readdirSync(folder)).toContain('zz-gone.json');
    generateDashboards({ folder, check: false });
    expect(readdirSync(folder)).not.toContain('zz-gone.json');
  });
});
