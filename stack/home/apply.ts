import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CommandContext } from '../commands/context.ts';
import { composeServicesHere, composeTakeIn } from '../compose/docker.ts';
import { alertmanagerFile, writeAlertmanagerConfiguration } from '../native/configuration.ts';
import { type Layout, layout as layoutOf } from '../native/layout.ts';
import { SupervisorClient } from '../native/supervisor/client.ts';
import { readSupervisorSpec } from '../native/supervisor/process-spec.ts';
import { takeInNative } from '../native/take-in.ts';
import type { Settings } from '../settings.ts';
import { readState } from '../state.ts';
import { takenInLines } from './take-in.ts';

/**
 * Has the running platform take the home folder in: what can read its configuration again does so, the detector and the
 * responder are started anew where something of theirs changed. Says what changed, and what is left out because it is broken.
 *
 * @returns false where nothing runs: the next start takes it in.
 */
export async function applyHome({
  settings,
  write,
}: Pick<CommandContext, 'settings' | 'write'>): Promise<boolean> {
  const layout = layoutOf(settings);
  const supervisor = new SupervisorClient(layout.socketPath);
  if (await supervisor.processes()) {
    await applyNative(settings, layout, supervisor, write);
    return true;
  }
  const services = await composeServicesHere(settings);
  if (services.length === 0) return false;
  for (const line of await composeTakeIn(settings, services)) write(line);
  return true;
}

async function applyNative(
  settings: Settings,
  layout: Layout,
  supervisor: SupervisorClient,
  write: (line: string) => void,
): Promise<void> {
  const demo = readState(layout.stateFile)?.demo ?? true;
  const { content, changed } = await takeInNative(settings, layout, {
    demo,
    promtool: besideProcess(layout, 'prometheus', 'promtool'),
    amtool: besideProcess(layout, 'alertmanager', 'amtool'),
  });
  const receivers = () => readFileSync(alertmanagerFile(layout), 'utf8');
  const receiversBefore = receivers();
  writeAlertmanagerConfiguration(settings, layout, content.receivers);
  const steps = [
    ...(changed.has('rules') ? ([['prometheus', 'reload']] as const) : []),
    ...(receivers() === receiversBefore ? [] : ([['alertmanager', 'reload']] as const)),
    ...(changed.has('anomalyRules') ? ([['anomaly-detector', 'restart']] as const) : []),
    ...(changed.has('actions') ? ([['incident-responder', 'restart']] as const) : []),
  ];
  for (const [name, action] of steps) await supervisor.act(name, action);
  for (const line of takenInLines(settings.home, content)) write(line);
  const said = { reload: 'reads its configuration again', restart: 'starts anew' };
  for (const [name, action] of steps) write(`  ${name} ${said[action]}`);
}

/** A program of the release that runs: it lies beside it. */
function besideProcess(layout: Layout, process: string, program: string): string | undefined {
  const running = readSupervisorSpec(layout.supervisorSpecFile).processes.find(
    ({ name }) => name === process,
  );
  return running && join(dirname(running.command), program);
}
