import { orExit } from '@aiops-sre/service-kit/lifecycle/or-exit.ts';
import { parseSettings, type Settings } from '../settings.ts';

/** The settings of this process, or its end with 2 and a message. */
export function settingsOrExit({ env, argv }: Pick<NodeJS.Process, 'env' | 'argv'>): Settings {
  return orExit(() => parseSettings(env, argv[2]), 2);
}
