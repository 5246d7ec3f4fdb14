import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const { versions } = readSettings(root, {});
const goModule = (name: string) => read('stack', 'native', 'modules', name, 'go.mod');

describe('the versions of .env are those the native engine builds', () => {
  test('Prometheus, whose Go module drops the major version', () => {
    const [, minor, patch] = versions.prometheus.replace('v', '').split('.');
    const numbers = `0.3${minor?.padStart(2, '0')}.${patch}`;
    expect(goModule('prometheus')).toContain(`github.com/prometheus/prometheus v${numbers}`);
  });

  test('Alertmanager', () => {
    expect(goModule('alertmanager')).toContain(`github.com/prometheus/alertmanager ${versions.alertmanager}`);
  });

  test('Tempo, by the commit its 2.8 branch was cut from, as Tempo tags no Go module versions', () => {
    expect(versions.tempo).toMatch(/^2\.8\./);
    expect(goModule('tempo')).toContain('github.com/grafana/tempo v1.5.1-0.20250529124718-87c2dc380cec');
  });

  test('Loki', () => {
    expect(goModule('loki')).toContain(`github.com/grafana/loki/v3 v${versions.loki}`);
  });

  test.each([
    ['builder.yaml', 'otelcol'],
    ['kubernetes-builder.yaml', 'otelcol-k8s'],
  ])('the Collector: %s, generated module and its components', (file, module) => {
    const builder = parse(read('otel-collector', file));
    expect(builder.dist.version).toBe(versions.otelCollector);
    const components = ['receivers', 'processors', 'exporters', 'connectors', 'extensions', 'providers']
      .flatMap((kind) => builder[kind] as { gomod: string }[])
      .map(({ gomod }) => gomod);
    const required = goModule(module);
    const imported =
      read('stack', 'native', 'modules', module, 'components.go') +
      read('stack', 'native', 'modules', module, 'main.go');
    for (const component of components) {
      expect(required).toContain(component);
      expect(imported).toContain(component.split(' ')[0]);
    }
  });

  test('PostgreSQL, by the packages of npm that bring its programs', () => {
    const packages: Record<string, string> = JSON.parse(
      read('service-kit', 'package.json'),
    ).optionalDependencies;
    expect(Object.keys(packages)).toHaveLength(4);
    for (const packaged of Object.values(packages)) expect(packaged).toContain(`${versions.postgres}.`);
  });

  test('Caddy, which only tests run natively', () => {
    expect(goModule('caddy')).toContain(`github.com/caddyserver/caddy/v2 v${versions.caddy} `);
  });

  test('k6, and its types by their major version', () => {
    expect(goModule('k6')).toContain(`go.k6.io/k6 v${versions.k6} `);
    const types: string = JSON.parse(read('demo-app', 'package.json')).devDependencies['@types/k6'];
    expect(types.split('.')[0]).toBe(versions.k6.split('.')[0]);
  });

  test('Thanos; and SeaweedFS, by the commit of its version, as it tags no Go module versions', () => {
    expect(goModule('thanos')).toContain(`github.com/thanos-io/thanos ${versions.thanos} `);
    expect(versions.seaweedfs).toBe('4.53');
    expect(goModule('seaweedfs')).toContain(
      'github.com/seaweedfs/seaweedfs v0.0.0-20261109003541-7506e5f91cd6',
    );
  });

  test('examples/express, which the tests run with the packages of the checkout', () => {
    const { dependencies } = JSON.parse(read('examples', 'express', 'package.json'));
    expect(JSON.parse(read('demo-app', 'package.json')).dependencies).toMatchObject(dependencies);
    expect(read('examples', 'express', 'Dockerfile')).toContain(`node:${versions.node}-`);
  });

  test('Node', () => {
    expect(JSON.parse(read('package.json')).devDependencies.node).toBe(versions.node);
    expect(read('Dockerfile')).toContain(`NODE_VERSION=${versions.node}`);
  });
});
