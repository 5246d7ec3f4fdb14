import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { ReceiverFragment } from '@aiops-sre/alertmanager/effective-configuration.ts';
import { readEffectiveConfiguration } from '@aiops-sre/alertmanager/notification-channels.ts';
import { FULFILLMENT_INSTANCES, STOREFRONT_CANARY } from '@aiops-sre/conventions/services.ts';
import { PLATFORM_USER } from '@aiops-sre/service-kit/platform/platform-login.ts';
import { endpoint } from '@aiops-sre/service-kit/platform/ports.ts';
import { stringify } from 'yaml';
import { z } from 'zod';
import type { Settings } from '../settings.ts';
import { hashOfSecret, webConfiguration } from '../web-configuration.ts';
import type { Layout } from './layout.ts';

/** Made at the first start. Each opens one thing. */
const SECRETS = [
  'webhook-token',
  'operator-token',
  'mcp-token',
  'restart-token',
  'admin-token',
  'otlp-key',
  'probe-key',
  'grafana-password',
  'alertmanager-password',
  'database-password',
  'database-monitor-password',
] as const;

/** Parts that may be left out, and are not missed then. */
export interface OptionalParts {
  readonly grafana: boolean;
  readonly traffic: boolean;
  /** The demo application; without it there is no traffic either. */
  readonly demo: boolean;
  /** The version on trial; default: none. */
  readonly canary?: boolean;
}

interface Target {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Prometheus' target files: the same names and labels as prometheus/targets, at the native engine's addresses. */
export function prometheusTargets(settings: Settings, running: OptionalParts): Record<string, Target[]> {
  const { ports } = settings;
  const at = (port: number, labels: Record<string, string> = {}): Target => ({
    targets: [`127.0.0.1:${port}`],
    labels,
  });
  const single = (service: string, port: number) => [at(port, { service })];
  return {
    'demo-app': !running.demo
      ? []
      : [
          at(ports.storefront, { service: 'storefront', instance: 'storefront-1' }),
          at(ports.identity, { service: 'identity', instance: 'identity-1' }),
          ...FULFILLMENT_INSTANCES.map(({ instance }) =>
            at(ports[instance], { service: 'fulfillment', instance }),
          ),
          at(ports.checkout, { service: 'checkout', instance: 'checkout-1' }),
          at(ports.payments, { service: 'payments', instance: 'payments-1' }),
          ...(running.traffic ? [at(ports.traffic, { service: 'traffic', instance: 'traffic-1' })] : []),
        ],
    'demo-app-canary': running.canary
      ? [at(ports['storefront-canary'], { service: 'storefront', instance: STOREFRONT_CANARY.instance })]
      : [],
    otlp: [at(ports.collectorMetrics)],
    'otlp-unverified': ['0', '1', '2', '3'].map((quarter) =>
      at(ports.collectorUnverifiedMetrics, { quarter }),
    ),
    'otel-collector': single('otel-collector', ports.collectorTelemetry),
    prometheus: single('prometheus', ports.prometheus),
    alertmanager: single('alertmanager', ports.alertmanager),
    tempo: single('tempo', ports.tempo),
    loki: single('loki', ports.loki),
    guard: single('guard', ports.guard),
    grafana: running.grafana ? single('grafana', ports.grafana) : [],
    'anomaly-detector': single('anomaly-detector', ports.anomalyDetector),
    'incident-responder': single('incident-responder', ports.incidentResponder),
  };
}

function link(target: string, path: string): void {
  rmSync(path, { force: true, recursive: true });
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

/** A secret made at the first start and kept: 256 bits, readable by its owner only. */
function secret(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600 });
}

const notificationsDir = (layout: Layout) => join(layout.secretsDir, 'notifications');

/** What Alertmanager runs with. */
export const alertmanagerFile = (layout: Layout) =>
  join(layout.configDir, 'alertmanager', 'alertmanager.yml');

/** A link to alertmanager.yml, or a file that has also the channels whose secrets are in place and the home's receivers. */
export function writeAlertmanagerConfiguration(
  { root }: Settings,
  layout: Layout,
  home: readonly ReceiverFragment[],
): void {
  const alertmanagerDir = join(root, 'alertmanager');
  const secretsDir = notificationsDir(layout);
  const path = alertmanagerFile(layout);
  const { channels, text } = readEffectiveConfiguration({ alertmanagerDir, secretsDir, home });
  link(join(alertmanagerDir, 'alertmanager.yml'), path);
  if (channels.length === 0 && home.length === 0) return;
  rmSync(path); // else it would be written through the link, into the checkout
  writeFileSync(path, text);
}

/**
 * Lays out the configuration the components read: links to the checkout's own files, so that there is one
 * configuration for both engines, and beside them the addresses and secrets of this one.
 *
 * @param receivers that a home folder adds to Alertmanager's.
 * @throws Error with file, what it has and what is expected, if a channel for notifications is not set up right.
 */
export function writeConfiguration(
  settings: Settings,
  layout: Layout,
  running: OptionalParts,
  receivers: readonly ReceiverFragment[] = [],
): void {
  const { root } = settings;
  const prometheus = join(layout.configDir, 'prometheus');
  link(join(root, 'prometheus', 'prometheus.yml'), join(prometheus, 'prometheus.yml'));
  mkdirSync(join(prometheus, 'targets'), { recursive: true });
  // Services of its user, whose addresses are not an engine's.
  link(join(root, 'prometheus', 'targets', 'services'), join(prometheus, 'targets', 'services'));
  for (const [job, targets] of Object.entries(prometheusTargets(settings, running))) {
    writeFileSync(join(prometheus, 'targets', `${job}.json`), `${JSON.stringify(targets, undefined, 2)}\n`);
  }

  link(join(root, 'prometheus', 'web.yml'), join(prometheus, 'web.yml'));
  for (const name of SECRETS) secret(join(layout.secretsDir, name));
  link(
    join(layout.secretsDir, 'alertmanager-password'),
    join(prometheus, 'secrets', 'alertmanager-password'),
  );

  const alertmanager = join(layout.configDir, 'alertmanager');
  const notifications = notificationsDir(layout);
  mkdirSync(notifications, { recursive: true, mode: 0o700 });
  writeAlertmanagerConfiguration(settings, layout, receivers);
  // Files that its receivers name: my/receivers/...
  link(settings.home, join(alertmanager, 'my'));
  link(join(root, 'alertmanager', 'templates'), join(alertmanager, 'templates'));
  writeFileSync(
    join(alertmanager, 'web.yml'),
    webConfiguration({
      users: { [PLATFORM_USER]: hashOfSecret(readSecret(layout, 'alertmanager-password')) },
    }),
    { mode: 0o600 },
  );
  // How people's amtool logs in.
  writeFileSync(
    join(alertmanager, 'client.yml'),
    stringify({
      basic_auth: {
        username: PLATFORM_USER,
        password_file: join(layout.secretsDir, 'alertmanager-password'),
      },
    }),
  );
  const secrets = join(alertmanager, 'secrets');
  mkdirSync(secrets, { recursive: true, mode: 0o700 });
  writeFileSync(
    join(secrets, 'webhook_url'),
    `${endpoint(settings, 'incidentResponder')}/webhook/alertmanager`,
  );
  link(join(layout.secretsDir, 'webhook-token'), join(secrets, 'webhook_token'));
  link(notifications, join(secrets, 'notifications'));

  // A copy, not a link: drills write it.
  if (running.demo) {
    const shipped = join(root, 'demo-app', 'flags', 'demo.flagd.json');
    mkdirSync(dirname(layout.flagsFile), { recursive: true });
    if (existsSync(layout.flagsFile)) addNewFlags(shipped, layout.flagsFile);
    else copyFileSync(shipped, layout.flagsFile);
  }
  if (!running.demo && !existsSync(layout.noFlagsFile)) {
    mkdirSync(dirname(layout.noFlagsFile), { recursive: true });
    writeFileSync(layout.noFlagsFile, '{"flags":{}}\n');
  }
}

const flagMapSchema = z.looseObject({ flags: z.record(z.string(), z.unknown()) });

/** Flags that were not there yet when the copy was made; those of the copy, and a copy of another form, stay as they are. */
function addNewFlags(shipped: string, copy: string): void {
  const read = (file: string) => flagMapSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  let old: z.infer<typeof flagMapSchema>;
  try {
    old = read(copy);
  } catch {
    return; // the roles say what is wrong with it
  }
  const flags = { ...read(shipped).flags, ...old.flags };
  if (Object.keys(flags).length > Object.keys(old.flags).length)
    writeFileSync(copy, `${JSON.stringify({ ...old, flags }, undefined, 2)}\n`);
}

export function readSecret(layout: Layout, name: (typeof SECRETS)[number]): string {
  return readFileSync(join(layout.secretsDir, name), 'utf8').trim();
}
