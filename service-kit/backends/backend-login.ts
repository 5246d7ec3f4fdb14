import { readFileSync } from 'node:fs';

/** HTTP Basic (RFC 7617) at Prometheus and at every Alertmanager. */
export type BackendLogin = { readonly username: string; readonly password: string };

/**
 * The login of the environment, undefined where there is none.
 *
 * @throws Error where one half is missing, or the file is unreadable or empty. The password is in no message.
 */
export function readBackendLogin(environment: {
  readonly BACKEND_USER?: string | undefined;
  readonly BACKEND_PASSWORD_FILE?: string | undefined;
}): BackendLogin | undefined {
  const { BACKEND_USER: username, BACKEND_PASSWORD_FILE: file } = environment;
  if (username === undefined && file === undefined) return undefined;
  if (username === undefined || file === undefined)
    throw new Error('environment: BACKEND_USER and BACKEND_PASSWORD_FILE belong together, got one of them');
  let password: string;
  try {
    password = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new Error(`environment: BACKEND_PASSWORD_FILE: ${(cause as Error).message}`, { cause });
  }
  if (password === '') throw new Error(`environment: BACKEND_PASSWORD_FILE: ${file} is empty`);
  return { username, password };
}
