import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { BackendLogin } from '../backends/backend-login.ts';
import { type Environment, readEnvironment } from '../settings/environment.ts';

/** The user that the components and the commands are at Alertmanager. */
export const PLATFORM_USER = 'platform';

const variables = z.object({ ALERTMANAGER_PASSWORD: z.string().optional() });

/**
 * How a command of this checkout logs in at Alertmanager: ALERTMANAGER_PASSWORD or ALERTMANAGER_PASSWORD_FILE, else what
 * `npm start` made below AIOPS_DATA_DIR; undefined where there is none.
 */
export function platformLogin(root: string, environment: Environment): BackendLogin | undefined {
  const file = join(resolve(root, environment.AIOPS_DATA_DIR || '.data'), 'secrets', 'alertmanager-password');
  const password =
    readEnvironment(variables, environment).ALERTMANAGER_PASSWORD ??
    (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined);
  return password === undefined ? undefined : { username: PLATFORM_USER, password };
}
