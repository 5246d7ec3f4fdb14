import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readBackendLogin } from './backend-login.ts';

const folder = mkdtempSync(join(tmpdir(), 'backend-login-'));
afterAll(() => rmSync(folder, { recursive: true }));
const passwordFile = (content: string) => {
  const file = join(folder, 'password');
  writeFileSync(file, content);
  return file;
};

describe('the login at Prometheus and Alertmanager', () => {
  it('is none where nothing is set', () => {
    expect(readBackendLogin({})).toBeUndefined();
  });

  it('has its password from a file, without the line end', () => {
    const login = readBackendLogin({
      BACKEND_USER: 'platform',
      BACKEND_PASSWORD_FILE: passwordFile('p w\n'),
    });
    expect(login).toEqual({ username: 'platform', password: 'p w' });
  });

  it.each([
    [{ BACKEND_USER: 'platform' }, /belong together/],
    [{ BACKEND_PASSWORD_FILE: '/nowhere' }, /belong together/],
    [{ BACKEND_USER: 'platform', BACKEND_PASSWORD_FILE: '/nowhere' }, /BACKEND_PASSWORD_FILE: ENOENT/],
  ])('is refused at the start when half of it is missing: %o', (environment, message) => {
    expect(() => readBackendLogin(environment)).toThrow(message);
  });

  it('is refused with an empty password', () => {
    const file = passwordFile('\n');
    expect(() => readBackendLogin({ BACKEND_USER: 'platform', BACKEND_PASSWORD_FILE: file })).toThrow(
      /is empty/,
    );
  });
});
