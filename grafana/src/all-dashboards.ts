import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { z } from 'zod';

const DASHBOARD_SOURCES = join(import.meta.dirname, 'dashboards');

/** As much of an exported dashboard's JSON as has to be there. */
const exportedSchema = z.looseObject({
  uid: z.string().regex(/^[\w-]{1,40}$/),
  title: z.string(),
  panels: z.array(z.looseObject({})),
});
const moduleSchema = z.looseObject({
  dashboard: z.custom<() => Dashboard>((value) => typeof value === 'function'),
});

/**
 * The dashboards of a folder, by name of their file: a TypeScript file exports `dashboard()`, a JSON file is what Grafana
 * exports.
 *
 * @throws Error that names the file, if it is neither or its `uid` is another one's, too
 */
export async function readDashboards(folder: string): Promise<readonly Dashboard[]> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') || name.endsWith('.json'))
    .sort();
  const byUid = new Map<string, string>();
  const dashboards: Dashboard[] = [];
  for (const name of files) {
    const file = join(folder, name);
    const dashboard = name.endsWith('.ts') ? await fromModule(file) : fromExport(file);
    const other = byUid.get(dashboard.uid ?? '');
    if (other) throw new Error(`${file}: expected a uid of its own, ${dashboard.uid} is that of ${other}`);
    byUid.set(dashboard.uid ?? '', name);
    dashboards.push(dashboard);
  }
  return dashboards;
}

async function fromModule(file: string): Promise<Dashboard> {
  const module = moduleSchema.safeParse(await import(/* @vite-ignore */ pathToFileURL(file).href));
  if (!module.success) throw new Error(`${file}: expected an export dashboard(): Dashboard`);
  return module.data.dashboard();
}

function fromExport(file: string): Dashboard {
  const exported = exportedSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!exported.success) throw new Error(`${file}: ${z.prettifyError(exported.error)}`);
  // Grafana numbers those it keeps; one that is provisioned has no number.
  return { ...exported.data, id: null } as unknown as Dashboard;
}

const shipped = await readDashboards(DASHBOARD_SOURCES);

/** Every dashboard, each a file `UID.json` once generated. */
export function allDashboards(): readonly Dashboard[] {
  return shipped;
}

const ofClusters = await readDashboards(join(DASHBOARD_SOURCES, 'kubernetes'));

/** Those that the chart alone ships, for what only a cluster tells. */
export function kubernetesDashboards(): readonly Dashboard[] {
  return ofClusters;
}
