import { existsSync } from 'node:fs';
import { composeData } from '../backup/compose-data.ts';
import type { DataStore } from '../backup/data-store.ts';
import { HOME, nativeData } from '../backup/native-data.ts';
import { composeServices } from '../compose/docker.ts';
import type { Engine } from '../engine.ts';
import { layout as layoutOf } from '../native/layout.ts';
import { Progress } from '../progress.ts';
import { readState } from '../state.ts';
import type { CommandContext } from './context.ts';

/** What an engine keeps on this host. */
export function dataOf({ settings, signal, write }: CommandContext, engine: Engine): DataStore {
  const onHost = (known?: readonly string[]) =>
    nativeData({
      layout: layoutOf(settings),
      dataDir: settings.dataDir,
      homeDir: settings.home,
      ...(known && { known }),
      progress: new Progress(write),
      signal,
    });
  return engine === 'native' ? onHost() : composeData({ settings, onHost: onHost([HOME]) });
}

/** The engine whose data is here: that of the last `npm start`, or Compose where it was started by itself; undefined where neither was. */
export async function engineHere({ settings }: CommandContext): Promise<Engine | undefined> {
  const layout = layoutOf(settings);
  const engine = readState(layout.stateFile)?.engine;
  if (engine) return engine;
  if (existsSync(layout.data('prometheus'))) return 'native';
  return (await composeServices(settings)).length > 0 ? 'compose' : undefined;
}
