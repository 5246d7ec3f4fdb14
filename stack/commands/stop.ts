import { composeDown, composeServicesHere } from '../compose/docker.ts';
import { stopKubernetes } from '../kubernetes/stop.ts';
import { layout as layoutOf } from '../native/layout.ts';
import { stopNative } from '../native/stop.ts';
import type { CommandContext } from './context.ts';

export async function stop({ settings, write }: CommandContext): Promise<void> {
  const layout = layoutOf(settings);
  const ended = await stopNative(layout);
  const compose = await composeServicesHere(settings);
  if (compose.length > 0) await composeDown(settings, { volumes: false });
  const cluster = await stopKubernetes(settings);
  const count = ended.length + compose.length + cluster;
  write(
    count === 0
      ? 'Nothing was running.'
      : `Stopped ${count} components. Data stays; npm start goes on with it.`,
  );
}
