import { join } from 'node:path';
import {
  type ComposeFile,
  readComposeFile,
  SCALED,
  type Service,
} from '@aiops-sre/stack/compose/compose-file.ts';
import { describe, expect, test } from 'vitest';
import { HARDENING_RULES, hardeningViolations } from './hardening-rules.ts';

const file = readComposeFile(join(import.meta.dirname, '..', '..'));

/** The real file with one service changed. */
function changed(name: string, change: Partial<Service>): ComposeFile {
  const service = file.services[name];
  if (!service) throw new Error(`no service ${name}`);
  return { ...file, services: { ...file.services, [name]: { ...service, ...change } } };
}

test('every service of docker-compose.yml keeps every rule, or says why not', () => {
  expect(hardeningViolations(file)).toEqual([]);
});

test('so does every service of docker-compose.scale.yml', () => {
  expect(hardeningViolations(readComposeFile(join(import.meta.dirname, '..', '..'), SCALED))).toEqual([]);
});

/** A change that breaks each rule, on a service that keeps it. */
const BREAKS: Record<string, Partial<Service>> = {
  'read-only': { read_only: false },
  'no-capabilities': { cap_add: ['NET_ADMIN'] },
  'no-new-privileges': { security_opt: [] },
  'not-privileged': { privileged: true },
  'non-root': { user: '0:0' },
  'memory-limit': { mem_limit: undefined },
  'cpu-limit': { cpus: '2' },
  'process-limit': { pids_limit: undefined },
  'health-check': { healthcheck: undefined },
  'loopback-ports': { ports: ['0.0.0.0:9090:9090'] },
  'own-networks': { networks: [] },
  'no-docker-socket': { volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro'] },
  'read-only-mounts': { volumes: ['./prometheus:/etc/prometheus'] },
  'pinned-image': { image: 'prom/prometheus:latest' },
  'restart-policy': { restart: 'no' },
  'log-limit': { logging: undefined },
};

describe('a service that breaks a rule', () => {
  test.each(Object.keys(HARDENING_RULES))('%s is named', (rule) => {
    const violations = hardeningViolations(changed('prometheus', BREAKS[rule] ?? {}));
    expect(violations).toEqual([expect.stringMatching(new RegExp(`^prometheus: ${rule}: `))]);
  });

  test('passes with a reason beside it, and a reason without need does not', () => {
    const reason = { 'read-only': 'it writes to its root, and has no volume for that yet' };
    expect(hardeningViolations(changed('prometheus', { read_only: false, 'x-exceptions': reason }))).toEqual(
      [],
    );
    expect(hardeningViolations(changed('prometheus', { 'x-exceptions': reason }))).toEqual([
      'prometheus: read-only: keeps the rule, so needs no exception',
    ]);
    expect(hardeningViolations(changed('prometheus', { 'x-exceptions': { 'read-onyl': 'x' } }))).toEqual([
      'prometheus: x-exceptions: there is no rule read-onyl',
    ]);
  });

  test.each(['otel-collector', 'tempo', 'loki'])(
    '%s would have no health check without the service guard',
    (name) => {
      const violations = hardeningViolations(
        changed('guard', { environment: { HEALTH_TARGETS: 'nobody=http://nobody/' } }),
      );
      expect(violations).toContainEqual(expect.stringMatching(new RegExp(`^${name}: health-check: `)));
    },
  );
});

describe('the networks', () => {
  const reach = (from: string, to: string) =>
    file.services[from]?.networks.some((network) => file.services[to]?.networks.includes(network));

  test.each([
    ['traffic', 'storefront'],
    ['storefront', 'fulfillment-1'],
    ['checkout', 'payments'],
    ['storefront', 'otel-collector'],
    ['otel-collector', 'tempo'],
    ['otel-collector', 'guard'],
    ['anomaly-detector', 'prometheus'],
    ['anomaly-detector', 'alertmanager'],
    ['alertmanager', 'incident-responder'],
    ['grafana', 'prometheus'],
    ['grafana', 'guard'],
    ['prometheus', 'guard'],
    ['guard', 'loki'],
    ['incident-responder', 'guard'],
    ['grafana', 'alertmanager'],
    ['guard', 'tempo'],
    ['prometheus', 'traffic'],
    ['prometheus', 'grafana'],
  ])('let %s reach %s', (from, to) => {
    expect(reach(from, to)).toBe(true);
  });

  test.each([
    ['storefront', 'alertmanager'],
    ['storefront', 'incident-responder'],
    ['storefront', 'grafana'],
    ['storefront', 'tempo'],
    ['payments', 'postgres'],
    ['identity', 'postgres'],
    ['traffic', 'loki'],
    ['tempo', 'alertmanager'],
    ['otel-collector', 'incident-responder'],
    ['otel-collector', 'alertmanager'],
    ['incident-responder', 'storefront'],
    ['grafana', 'storefront'],
    ['grafana', 'tempo'],
    ['grafana', 'loki'],
    ['prometheus', 'loki'],
    ['incident-responder', 'identity'],
    ['incident-responder', 'tempo'],
    ['incident-responder', 'loki'],
    ['guard', 'alertmanager'],
  ])('keep %s from %s', (from, to) => {
    expect(reach(from, to)).toBe(false);
  });

  test('lead containers of other projects to the Collector alone', () => {
    const members = Object.entries(file.services).filter(([, { networks }]) => networks.includes('otlp'));
    expect(members.map(([name]) => name)).toEqual(['otel-collector']);
    expect(file.networks.otlp?.internal).toBe(true);
  });

  test('lead to the database from who keeps data in it and the Collector alone, and from there nowhere', () => {
    const members = Object.entries(file.services).filter(([, { networks }]) => networks.includes('database'));
    expect(members.map(([name]) => name)).toEqual([
      'storefront',
      'storefront-canary',
      'checkout',
      'postgres',
      'otel-collector',
    ]);
    expect(file.services.postgres?.networks).toEqual(['database']);
    expect(file.networks.database?.internal).toBe(true);
  });

  test('lead from the application to no one outside but by the storefront', () => {
    expect(file.networks.application?.internal).toBe(true);
    expect(file.networks.operations?.internal).toBe(true);
    for (const name of ['identity', 'payments', 'traffic'])
      expect(file.services[name]?.networks, name).toEqual(['application']);
    expect(file.services['fulfillment-1']?.networks).toEqual(['application', 'operations']);
  });
});

test('no service sees a secret of another', () => {
  const readers = (volume: string) =>
    Object.entries(file.services)
      .filter(
        ([name, { volumes }]) => name !== 'prepare' && volumes.some((each) => each.startsWith(`${volume}:`)),
      )
      .map(([name]) => name);
  expect(readers('grafana-secrets')).toEqual(['grafana']);
  expect(readers('alerting-secrets')).toEqual([
    'prometheus',
    'alertmanager',
    'anomaly-detector',
    'incident-responder',
    'grafana',
  ]);
  expect(readers('database-secrets')).toEqual(['storefront', 'storefront-canary', 'checkout']);
  expect(readers('monitor-secrets')).toEqual(['otel-collector']);
  expect(readers('database-roles')).toEqual(['postgres']);
  expect(readers('objects-secrets')).toEqual([]);
  expect(readers('responder-secrets')).toEqual(['incident-responder']);
  const application = [
    'storefront',
    'storefront-canary',
    'identity',
    'checkout',
    'payments',
    'fulfillment-1',
    'fulfillment-2',
    'fulfillment-3',
    'fulfillment-4',
    'traffic',
  ];
  expect(readers('application-secrets')).toEqual(application);
  expect(readers('telemetry-secrets').toSorted()).toEqual([...application, 'otel-collector'].toSorted());
});
