import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { provideSecrets, readSecret, SECRETS, type SecretName } from './secrets.ts';

const names = Object.keys(SECRETS) as SecretName[];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compose-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('makes every secret at the first start, each another, none short', () => {
  expect(provideSecrets(folder, {})).toEqual(names);
  const values = names.map((name) => readSecret(folder, name));
  expect(new Set(values).size).toBe(names.length);
  for (const value of values) expect(value).toMatch(/^[\w-]{43}$/);
});

test('keeps what it made from start to start', () => {
  provideSecrets(folder, {});
  const before = names.map((name) => readSecret(folder, name));
  expect(provideSecrets(folder, {})).toEqual([]);
  expect(names.map((name) => readSecret(folder, name))).toEqual(before);
});

test('takes a secret that is given, over one that it made', () => {
  provideSecrets(folder, {});
  expect(provideSecrets(folder, { 'grafana-password': 'of-the-user' })).toEqual([]);
  expect(readSecret(folder, 'grafana-password')).toBe('of-the-user');
});

test('puts a secret where its readers mount it, and no other one', () => {
  expect(SECRETS['webhook-token'].volume).toBe(SECRETS['operator-token'].volume);
  expect(SECRETS['grafana-password'].volume).not.toBe(SECRETS['admin-token'].volume);
  expect(SECRETS['restart-token'].volume).not.toBe(SECRETS['admin-token'].volume);
});

test.each([...new Set(Object.values(SECRETS).map(({ volume }) => volume))])(
  'the folder of the volume %s is in the image, for its writer: Docker gives it to root otherwise',
  (volume) => {
    const dockerfile = readFileSync(join(import.meta.dirname, '..', '..', '..', 'Dockerfile'), 'utf8');
    expect(dockerfile).toContain(`'/volumes/secrets/${volume}': 65534`);
  },
);
