import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSettings } from './settings.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

describe('settings', () => {
  test('come from .env', () => {
    expect(readSettings(root, {}).ports.storefront).toBe(3000);
  });

  test('the environment wins over .env', () => {
    expect(readSettings(root, { STOREFRONT_PORT: '4000' }).ports.storefront).toBe(4000);
  });

  test('an offset shifts every port', () => {
    const plain = readSettings(root, {}).ports;
    const shifted = readSettings(root, { AIOPS_PORT_OFFSET: '1000' }).ports;
    for (const [name, port] of Object.entries(plain)) expect(shifted).toHaveProperty(name, port + 1000);
  });

  test('configuration of one’s own is looked up from the checkout; without any, the shipped is meant', () => {
    const { own } = readSettings(root, { AIOPS_RULES_DIR: '.data/rules', AIOPS_ACTIONS_DIR: '/actions' });
    expect(own).toEqual({ rulesDir: join(root, '.data/rules'), actionsDir: '/actions' });
  });

  test.each([
    [{ PROMETHEUS_PORT: 'ninety' }, /PROMETHEUS_PORT: .*got "ninety"/],
    [{ PROMETHEUS_PORT: '70000' }, /PROMETHEUS_PORT: .*got "70000"/],
    [{ TEMPO_VERSION: 'latest' }, /TEMPO_VERSION: expected a version such as v1\.2\.3, got "latest"/],
    [{ TELEMETRY: 'fast' }, /TELEMETRY: .*"stock"\|"lean", got "fast"/],
    [{ TEMPO_PORT: '60000', AIOPS_PORT_OFFSET: '10000' }, /TEMPO_PORT: .*65535/],
  ])('refuses %o by name', (environment, message) => {
    expect(() => readSettings(root, environment)).toThrow(message);
  });

  describe('of an .env that lacks a variable', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'settings-'));
      writeFileSync(join(folder, '.env'), 'STOREFRONT_PORT=3000\n');
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    test('are refused with its name', () => {
      expect(() => readSettings(folder, {})).toThrow(/IDENTITY_PORT: .*got nothing/);
    });
  });
});
