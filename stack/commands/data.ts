import { composeData } from '../backup/compose-data.ts';
import type { DataStore } from '../backup/data-store.ts';
import { HOME, nativeData } from '../backup/native-data.ts';
import type { Engine } from '../engine.ts';
import { layout as layoutOf } from '../native/layout.ts';
import { Progress } from '../progress.ts';
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
