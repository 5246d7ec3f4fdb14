import { readFileSync } from 'node:fs';

/**
 * The `Authorization` header for Prometheus and Alertmanager: HTTP Basic (RFC 7617), the password from a file.
 *
 * @returns undefined where neither variable is set.
 * @throws Error where one half is missing, or the file is unreadable or empty. The password is in no message.
 */
export function readBackendLogin(variables: {
  readonly BACKEND_USER?: string | undefined;
  readonly BACKEND_PASSWORD_FILE?: string | undefined;
}): string | undefined {
  const { BACKEND_USER: user, BACKEND_PASSWORD_FILE: file } = variables;
  if (user === undefined && file === undefined) return undefined;
  if (user === undefined || file === undefined)
    throw new Error('BACKEND_USER and BACKEND_PASSWORD_FILE belong together, got one of them');
  let password: string;
  try {
    password = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new Error(`BACKEND_PASSWORD_FILE: cannot read ${file}`, { cause });
  }
  if (password === '') throw new Error(`BACKEND_PASSWORD_FILE: ${file} is empty`);
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
