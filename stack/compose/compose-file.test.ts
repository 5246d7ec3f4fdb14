import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pulledServices, readComposeFile, SCALED } from './compose-file.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const file = readComposeFile(root);
/** Set by `npm test`. */
const compose = process.env.DOCKER_COMPOSE;

test('docker-compose.yml has every component', () => {
  expect(Object.keys(file.services)).toEqual(
    expect.arrayContaining([
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
      'guard',
    ]),
  );
});

test('images that are built here are built once, by one service of those that share them', () => {
  const built = Object.values(file.services).filter(({ build }) => build);
  const shared = Object.values(file.services).filter(({ image }) =>
    image?.startsWith('aiops-sre-observability/'),
  );
  expect(built.map(({ image }) => image).sort()).toEqual(
    [...new Set(shared.map(({ image }) => image))].sort(),
  );
});

test('no registry is asked for an image that is built here, whichever service has it', () => {
  const pulled = pulledServices(file, ['storefront', 'traffic', 'guard', 'loki', 'history-import']);
  expect(pulled).toEqual(['loki', 'history-import']);
});

describe.each(['Dockerfile', '.dockerignore'])('%s', (name) => {
  test('has the manifest of every workspace, which npm checks the lock file against', () => {
    const lines = read(name).split('\n');
    for (const workspace of JSON.parse(read('package.json')).workspaces as string[]) {
      const copied = [
        `COPY ${workspace}/package.json ${workspace}/`,
        `!${workspace}/package.json`,
        `!${workspace}`,
      ];
      expect(
        lines.some((line) => copied.includes(line)),
        workspace,
      ).toBe(true);
    }
  });
});

describe.skipIf(!compose)(
  `docker compose config${compose ? '' : ' (skipped: DOCKER_COMPOSE is not set)'}`,
  () => {
    interface Rendered {
      readonly image: string;
      readonly user?: string;
      readonly ports?: readonly { host_ip?: string; published: string; target: number }[];
      readonly environment?: Readonly<Record<string, string>>;
    }
    const services = (profile = '*', environment: Record<string, string> = {}): Record<string, Rendered> =>
      JSON.parse(
        execFileSync(compose ?? '', ['--profile', profile, 'config', '--format', 'json'], {
          cwd: root,
          encoding: 'utf8',
          env: { ...process.env, ...environment },
        }),
      ).services;

    test('accepts the file, and reads it as the checks of this folder do', () => {
      const rendered = services();
      expect(Object.keys(rendered).sort()).toEqual(Object.keys(file.services).sort());
      for (const [name, service] of Object.entries(file.services)) {
        const { image, user, ports = [], environment = {} } = rendered[name] as Rendered;
        expect({ image, user }, name).toEqual({ image: service.image, user: service.user });
        expect(
          ports.map(({ host_ip, published, target }) => `${host_ip}:${published}:${target}`),
          name,
        ).toEqual(service.ports);
        // What is rendered can be rendered again: a dollar stays written as two.
        const plain = Object.entries(environment).map(([key, value]) => [key, value.replaceAll('$$', '$')]);
        expect(Object.fromEntries(plain), name).toEqual(service.environment);
      }
    });

    test('merges docker-compose.scale.yml with it as the checks of this folder do', () => {
      interface Merged {
        readonly command?: readonly string[];
        readonly environment?: Readonly<Record<string, string>>;
        readonly networks?: Readonly<Record<string, unknown>>;
        readonly ports?: readonly { readonly host_ip: string; published: string; readonly target: number }[];
        readonly volumes?: readonly { readonly target: string }[];
      }
      const rendered: Record<string, Merged> = JSON.parse(
        execFileSync(
          compose ?? '',
          [...SCALED.flatMap((name) => ['--file', name]), '--profile', '*', 'config', '--format', 'json'],
          { cwd: root, encoding: 'utf8' },
        ),
      ).services;
      const merged = readComposeFile(root, SCALED).services;
      expect(Object.keys(rendered).sort()).toEqual(Object.keys(merged).sort());
      const plain = (text: string) => text.replaceAll('$$', '$');
      for (const [name, service] of Object.entries(rendered)) {
        const { command, environment = {}, networks = {}, ports = [], volumes = [] } = service;
        const ours = merged[name];
        expect(
          ports.map(({ host_ip, published, target }) => `${host_ip}:${published}:${target}`),
          name,
        ).toEqual(ours?.ports);
        expect((command ?? []).map(plain), name).toEqual(ours?.command);
        expect(
          Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, plain(value)])),
          name,
        ).toEqual(ours?.environment);
        if (ours?.network_mode === undefined)
          expect(Object.keys(networks).sort(), name).toEqual([...(ours?.networks ?? [])].sort());
        expect(volumes.map(({ target }) => target).sort(), name).toEqual(
          ours?.volumes.map((volume) => volume.split(':')[1]).sort(),
        );
      }
    });

    test('has all that a canary needs in its profile, which is the storefront but for its version and its name', () => {
      const rendered = services('canary', { STOREFRONT_RELEASE: '1.2.0' });
      expect(rendered).toHaveProperty('postgres');
      expect(rendered).not.toHaveProperty('storefront');
      const { SERVICE_VERSION, INSTANCE, ...shared } = rendered['storefront-canary']?.environment ?? {};
      expect([SERVICE_VERSION, INSTANCE]).toEqual(['1.2.0', 'storefront-canary-1']);
      expect(services('demo').storefront?.environment).toMatchObject(shared);
      expect(services('demo')).not.toHaveProperty('storefront-canary');
    });
  },
);

test.each([
  ['targets', 'docker-compose.yml'],
  ['others', SCALED],
])(
  'every scrape target of prometheus/%s is a service that Prometheus shares a network with',
  (folder, files) => {
    const { services } = readComposeFile(root, files);
    const ofPrometheus = services.prometheus?.networks ?? [];
    const names = readdirSync(join(root, 'prometheus', folder)).filter((name) => name.endsWith('.json'));
    for (const name of names) {
      for (const { targets } of JSON.parse(read('prometheus', folder, name)) as { targets: string[] }[]) {
        for (const target of targets) {
          const [service = '', port] = target.split(':');
          if (service === 'localhost') continue;
          const networks = services[service]?.networks ?? [];
          expect(
            networks.some((network) => ofPrometheus.includes(network)),
            target,
          ).toBe(true);
          // Where the port is published too, it is the same one: 127.0.0.1:PUBLISHED:PORT.
          const published = services[service]?.ports.map((each) => each.split(':').at(-1)) ?? [];
          if (folder === 'targets' && published.length > 0) expect(published, target).toContain(port);
        }
      }
    }
  },
);
