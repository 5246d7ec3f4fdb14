import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { differences, type Started } from './differences.ts';
import { compareEngines } from './engines.ts';

describe('the two engines', () => {
  const {
    compared,
    onlyCompose,
    onlyNative,
    differences: found,
    kubernetes,
  } = compareEngines(join(import.meta.dirname, '..', '..'));

  test('run the same components, beside what the native start does by itself, and the database, which both start by one script', () => {
    expect(compared.length).toBeGreaterThanOrEqual(14);
    expect(onlyNative).toEqual([]);
    expect([...onlyCompose].sort()).toEqual(['guard', 'history-import', 'k6', 'postgres', 'prepare']);
  });

  test('differ in addresses only', () => {
    expect(found.filter(({ isAddress }) => !isAddress)).toEqual([]);
    expect(found.length).toBeGreaterThan(10);
  });

  test('and Kubernetes, as a third, runs them as Compose does', () => {
    expect([...kubernetes.onlyCompose].sort()).toEqual(['history-import', 'k6', 'prepare']);
    expect(kubernetes.differences.filter(({ isAddress }) => !isAddress)).toEqual([]);
    expect(kubernetes.differences.map(({ name }) => name)).toContain('FLAGS_FILE');
  });
});

describe('a difference', () => {
  const started = (args: readonly string[], environment: Record<string, string> = {}): Started => ({
    args,
    environment,
  });

  test('between addresses, files and ways to give a secret is one of addresses', () => {
    const found = differences(
      'prometheus',
      started(['--config', '/.data/prometheus.yml', '--web.listen-address=127.0.0.1:9090', '--same'], {
        TEMPO_URL: 'http://127.0.0.1:3200',
        ADMIN_TOKEN: 'x',
      }),
      started(['--config=/etc/prometheus/prometheus.yml', '--same'], {
        TEMPO_URL: 'http://tempo:3200',
        ADMIN_TOKEN_FILE: '/run/secrets/admin-token',
      }),
    );
    expect(found.map(({ name, isAddress }) => [name, isAddress])).toEqual([
      ['--config', true],
      ['--web.listen-address', true],
      ['TEMPO_URL', true],
      ['ADMIN_TOKEN', true],
      ['ADMIN_TOKEN_FILE', true],
    ]);
  });

  test.each([
    ['a flag more', started(['--enable-feature=x']), started([])],
    ['another value', started(['--max-old-space-size=96']), started(['--max-old-space-size=64'])],
    ['another variable', started([], { GOMEMLIMIT: '1MiB' }), started([], { GOMEMLIMIT: '2MiB' })],
  ])('that is %s is no address', (_title, native, compose) => {
    expect(differences('any', native, compose).map(({ isAddress }) => isAddress)).toEqual([false]);
  });
});
