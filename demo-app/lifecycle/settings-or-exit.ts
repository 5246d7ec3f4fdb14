import { parseSettings, type Settings } from '../settings.ts';

/** The settings of this process, or its end with a message: a stack trace would hide what is wrong. */
export function settingsOrExit({ env, argv }: Pick<NodeJS.Process, 'env' | 'argv'>): Settings {
  try {
    return parseSettings(env, argv[2]);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}
