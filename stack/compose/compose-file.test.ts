import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
/** Set by `npm test`. */
const compose = process.env.DOCKER_COMPOSE;

interface Service {
  readonly image: string;
  readonly ports?: readonly { host_ip?: string; published: string }[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly configs?: readonly unknown[];
}

describe.skipIf(!compose)(
  `docker-compose.yml${compose ? '' : ' (skipped: DOCKER_COMPOSE is not set)'}`,
  () => {
    const rendered = compose
      ? JSON.parse(execFileSync(compose, ['config', '--format', 'json'], { cwd: root, encoding: 'utf8' }))
      : { services: {} };
    const services = Object.entries(rendered.services as Record<string, Service>);

    test('is valid, and has every component', () => {
      const names = services.map(([name]) => name);
      for (const name of [
        'storefront',
        'identity',
        'fulfillment-4',
        'traffic',
        'otel-collector',
        'prometheus',
        'alertmanager',
        'tempo',
        'loki',
        'grafana',
        'anomaly-detector',
        'incident-responder',
      ]) {
        expect(names).toContain(name);
      }
    });

    test('publishes nothing beyond loopback', () => {
      for (const [name, { ports = [] }] of services) {
        for (const { host_ip, published } of ports) expect(host_ip, `${name}:${published}`).toBe('127.0.0.1');
      }
    });

    test('pins every image', () => {
      for (const [name, { image }] of services) {
        if (!image.startsWith('aiops-sre-observability/')) expect(image, name).toMatch(/:v?\d+\.\d+\.\d+$/);
      }
    });

    test('gives no inline configuration to a read-only service, which Docker refuses to start', () => {
      for (const [name, { configs = [], read_only }] of services) {
        if (read_only) expect(configs, name).toEqual([]);
      }
    });

    test('gives no service capabilities, new privileges or a writable root', () => {
      for (const [name, service] of services) {
        expect(service.cap_drop, name).toEqual(['ALL']);
        expect(service.security_opt, name).toContain('no-new-privileges:true');
        expect(service.read_only, name).toBe(true);
      }
    });
  },
);
