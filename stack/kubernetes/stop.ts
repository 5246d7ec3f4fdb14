import { stopNative } from '../native/stop.ts';
import type { Settings } from '../settings.ts';
import { clusterStatus, scaleToNothing } from './cluster.ts';
import { forwardsLayout, readInstallation } from './installation.ts';

/**
 * Ends the pods of the installation, if there is one, and what forwards ports to them; volumes and secrets stay.
 *
 * @returns how many workloads ran.
 * @throws Error where the cluster does not answer: what runs there goes on.
 */
export async function stopKubernetes(settings: Settings): Promise<number> {
  const installation = readInstallation(settings);
  if (!installation) return 0;
  await stopNative(forwardsLayout(settings));
  const { workloads } = await clusterStatus(installation);
  if (workloads > 0) await scaleToNothing(installation);
  return workloads;
}
