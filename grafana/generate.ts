import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { allDashboards, kubernetesDashboards } from './src/all-dashboards.ts';

export const DASHBOARDS_FOLDER = join(import.meta.dirname, 'dashboards');
export const KUBERNETES_FOLDER = join(DASHBOARDS_FOLDER, 'kubernetes');

export interface GenerateOptions {
  /** Folder of the JSON files; whatever other `*.json` it holds is of a dashboard that is gone. */
  readonly folder: string;
  /** Change nothing, only tell. */
  readonly check: boolean;
  /** Those of every engine by default. */
  readonly dashboards?: readonly Dashboard[];
}

/** Writes the dashboards as Grafana reads them. @returns the names of the files that are, or were, not up to date. */
export function generateDashboards({
  folder,
  check,
  dashboards = allDashboards(),
}: GenerateOptions): readonly string[] {
  const wanted = new Map(
    dashboards.map((dashboard) => [`${dashboard.uid}.json`, `${JSON.stringify(dashboard, null, 2)}\n`]),
  );
  mkdirSync(folder, { recursive: true });
  const present = new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  const stale = [...new Set([...wanted.keys(), ...present.keys()])]
    .filter((name) => wanted.get(name) !== present.get(name))
    .sort();
  if (check) return stale;
  for (const name of stale) {
    const content = wanted.get(name);
    if (content === undefined) rmSync(join(folder, name));
    else writeFileSync(join(folder, name), content);
  }
  return stale;
}

if (import.meta.main) {
  const check = process.argv.includes('--check');
  const stale = [
    ...generateDashboards({ folder: DASHBOARDS_FOLDER, check }),
    ...generateDashboards({ folder: KUBERNETES_FOLDER, check, dashboards: kubernetesDashboards() }).map(
      (name) => `kubernetes/${name}`,
    ),
  ];
  for (const name of stale) print(`${check ? 'not up to date' : 'written'}: grafana/dashboards/${name}`);
  if (check && stale.length > 0) {
    printError('Run `npm run generate` and commit what it writes.');
    process.exitCode = 1;
  }
}
