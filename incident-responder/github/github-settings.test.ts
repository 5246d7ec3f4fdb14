import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfiguration } from '../configuration.ts';

const token = 'github_pat_only_for_tests_0123456789';
const read = (variables: Record<string, string>) =>
  readConfiguration({ WEBHOOK_AUTHENTICATION: 'off', ...variables }).gitHub;

describe('GitHub settings', () => {
  it('are off without a token', () => {
    expect(read({})).toBeUndefined();
    expect(read({ GITHUB_REPOSITORY: 'acme/shop' })).toBeUndefined();
  });

  it('take the token from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'token-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'token'), `${token}\n`);
    expect(read({ GITHUB_REPOSITORY: 'acme/shop', GITHUB_TOKEN_FILE: join(folder, 'token') })).toEqual({
      apiUrl: 'https://api.github.com',
      owner: 'acme',
      repository: 'shop',
      token,
    });
  });

  it.each([
    ['no repository', {}, 'GITHUB_REPOSITORY: expected OWNER/NAME'],
    ['a repository without owner', { GITHUB_REPOSITORY: 'shop' }, 'GITHUB_REPOSITORY'],
    [
      'an address without encryption',
      { GITHUB_API_URL: 'http://github.example' },
      'GITHUB_API_URL: expected https',
    ],
    [
      'a token with a space',
      { GITHUB_REPOSITORY: 'a/b', GITHUB_TOKEN: `${token} x` },
      'GITHUB_TOKEN: expected',
    ],
  ])('refuse %s without showing the token', (_name, variables, message) => {
    let thrown = '';
    try {
      read({ GITHUB_TOKEN: token, ...variables });
    } catch (error) {
      thrown = (error as Error).message;
    }
    expect(thrown).toContain(message);
    expect(thrown).not.toContain(token);
  });
});
