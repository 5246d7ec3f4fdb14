import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSettings } from '../settings.ts';
import { prometheusTargets, writeConfiguration } from './configuration.ts';
import { layout as layoutOf } from './layout.ts';

const root = join(import.meta.dirname, '..', '..');

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'configuration-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const settings = () => readSettings(root, { AIOPS_DATA_DIR: dataDir });

describe('scrape targets', () => {
  const composeDir = join(root, 'prometheus', 'targets');
  const labels = (targets: readonly { labels: Record<string, string> }[]) =>
    targets.map((each) => each.labels);

  test.each(readdirSync(composeDir).filter((name) => name.endsWith('.json')))(
    '%s has the same labels in both engines: only addresses differ',
    (file) => {
      const compose = JSON.parse(readFileSync(join(composeDir, file), 'utf8'));
      const native = prometheusTargets(settings(), {
        grafana: true,
        traffic: true,
        demo: true,
        canary: true,
      })[file.replace('.json', '')];
      expect(labels(native ?? [])).toEqual(labels(compose));
    },
  );

  test('leave out Grafana where there is none, and the traffic where it is not wanted', () => {
    const targets = prometheusTargets(settings(), { grafana: false, traffic: false, demo: true });
    expect(targets.grafana).toEqual([]);
    const services = labels(targets['demo-app'] ?? []).map(({ service }) => service);
    expect(new Set(services)).toEqual(
      new Set(['storefront', 'identity', 'fulfillment', 'checkout', 'payments']),
    );
  });
});

describe('the configuration of the native engine', () => {
  test('is the checkout’s own, by links', () => {
    const layout = layoutOf(settings());
    writeConfiguration(settings(), layout, { grafana: false, traffic: true, demo: true });
    const linked = (...path: string[]) => realpathSync(join(layout.configDir, ...path));
    expect(linked('prometheus', 'prometheus.yml')).toBe(join(root, 'prometheus', 'prometheus.yml'));
    expect(linked('alertmanager', 'alertmanager.yml')).toBe(join(root, 'alertmanager', 'alertmanager.yml'));
  });

  test('has a channel for notifications while its secret is in place', () => {
    const layout = layoutOf(settings());
    const write = () => writeConfiguration(settings(), layout, { grafana: false, traffic: true, demo: true });
    const shipped = join(root, 'alertmanager', 'alertmanager.yml');
    const shippedText = readFileSync(shipped, 'utf8');
    const effective = join(layout.configDir, 'alertmanager', 'alertmanager.yml');
    write();
    const secret = join(layout.secretsDir, 'notifications', 'slack');
    writeFileSync(secret, 'https://hooks.slack.example/T0/B0/x');
    write();
    const text = readFileSync(effective, 'utf8');
    const named = /api_url_file: (.*)/.exec(text)?.[1] ?? '';
    expect(realpathSync(join(layout.configDir, 'alertmanager', named))).toBe(realpathSync(secret));
    expect(text).not.toContain('hooks.slack.example');
    expect(readFileSync(shipped, 'utf8')).toBe(shippedText);
    rmSync(secret);
    write();
    expect(realpathSync(effective)).toBe(shipped);
  });

  test('holds secrets that only their owner can read, and keeps them', () => {
    const layout = layoutOf(settings());
    writeConfiguration(settings(), layout, { grafana: false, traffic: true, demo: true });
    const file = join(layout.secretsDir, 'webhook-token');
    const token = readFileSync(file, 'utf8');
    expect(token.length).toBeGreaterThanOrEqual(32);
    expect(statSync(file).mode & 0o077).toBe(0);
    writeConfiguration(settings(), layout, { grafana: false, traffic: true, demo: true });
    expect(readFileSync(file, 'utf8')).toBe(token);
  });

  test('keeps the flags as a drill left them', () => {
    const layout = layoutOf(settings());
    writeConfiguration(settings(), layout, { grafana: false, traffic: true, demo: true });
    expect(existsSync(layout.flagsFile)).toBe(true);
    const write = () => writeConfiguration(settings(), layout, { grafana: false, traffic: true, demo: true });
    const shipped = JSON.parse(readFileSync(layout.flagsFile, 'utf8'));
    const shed = { ...shipped.flags['shed-load'], defaultVariant: 'half' };
    writeFileSync(layout.flagsFile, JSON.stringify({ flags: { 'shed-load': shed } }));
    write();
    // Those that a newer version brings come in addition.
    expect(JSON.parse(readFileSync(layout.flagsFile, 'utf8')).flags).toEqual({
      ...shipped.flags,
      'shed-load': shed,
    });
    writeFileSync(layout.flagsFile, '{"flags": broken');
    write();
    expect(readFileSync(layout.flagsFile, 'utf8')).toBe('{"flags": broken');
  });
});
