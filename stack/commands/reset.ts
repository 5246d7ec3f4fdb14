import { existsSync, rmSync } from 'node:fs';
import { composeDown } from '../compose/docker.ts';
import { uninstall } from '../kubernetes/cluster.ts';
import { readInstallation } from '../kubernetes/installation.ts';
import { layout as layoutOf } from '../native/layout.ts';
import { removePostgresElsewhere } from '../native/postgres.ts';
import { readState } from '../state.ts';
import { confirmed } from './confirmed.ts';
import type { CommandContext } from './context.ts';
import { stop } from './stop.ts';

export async function reset(context: CommandContext, options: { readonly yes: boolean }): Promise<void> {
  const { settings, signal, write } = context;
  const layout = layoutOf(settings);
  const compose = readState(layout.stateFile)?.engine === 'compose';
  if (!existsSync(settings.dataDir) && !compose) {
    write('Nothing to delete.');
    return;
  }
  const cluster = readInstallation(settings);
  const inCluster = cluster
    ? ` and all volumes of the release in namespace ${cluster.namespace} of context ${cluster.context}`
    : '';
  const what = compose ? `${settings.dataDir} and the Docker volumes` : `${settings.dataDir}${inCluster}`;
  if (
    !options.yes &&
    !(await confirmed(
      `Stop everything and delete all metrics, traces and alerts in ${what}?`,
      'npm run reset -- --yes',
      signal,
    ))
  ) {
    write('Left as it is.');
    return;
  }
  await stop(context);
  if (compose) await composeDown(settings, { volumes: true });
  removePostgresElsewhere(layout);
  if (cluster) await uninstall(cluster);
  rmSync(settings.dataDir, { recursive: true, force: true });
  write(`Deleted ${what}. The built binaries stay in ${settings.cacheDir}.`);
}
