import { join } from 'node:path';
import { FULFILLMENT_INSTANCES, STOREFRONT_CANARY } from '@aiops-sre/conventions/services.ts';
import { endpoint, type PortName } from '@aiops-sre/service-kit/platform/ports.ts';
import { readSecret } from '../configuration.ts';
import type { ProcessSpec } from '../supervisor/process-spec.ts';
import { BUSY_NODE_FLAGS, NODE_FLAGS, nodeEnvironment } from './node-flags.ts';
import { dataFolder, HOST, type ProcessContext, processSpec } from './process-context.ts';

const TELEMETRY = ['--import', './demo-app/telemetry/register.ts'];

/** Every role of the demo application; none without the demo. */
export function application(context: ProcessContext): readonly ProcessSpec[] {
  const { settings, layout } = context;
  if (!context.demo) return [];
  const fulfillments = FULFILLMENT_INSTANCES.map(({ instance }) => instance);
  const role = (
    name: string,
    instance: string,
    port: PortName,
    environment: Record<string, string>,
    flags: readonly string[] = [...NODE_FLAGS, ...TELEMETRY],
  ) =>
    processSpec(context, {
      name,
      command: process.execPath,
      args: [...flags, 'demo-app/main.ts'],
      environment: {
        ...nodeEnvironment(context, port),
        ROLE: instance.replace(/-\d+$/, ''),
        INSTANCE: instance,
        ADMIN_TOKEN: readSecret(layout, 'admin-token'),
        FLAGS_FILE: context.flagsFile,
        SERVICE_VERSION: '0.1.0',
        SERVICE_REVISION: context.revision,
        DEPLOYMENT_ENVIRONMENT: 'demo',
        TELEMETRY: settings.telemetry,
        OTLP_KEY_FILE: join(layout.secretsDir, 'otlp-key'),
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://${HOST}:${settings.ports.otlpGrpc}`,
        ...environment,
      },
      readyUrl: `${endpoint(settings, port)}/readyz`,
    });
  const database = {
    DATABASE_URL: `postgres://shop@${HOST}:${settings.ports.postgres}/shop`,
    DATABASE_PASSWORD_FILE: join(layout.secretsDir, 'database-password'),
  };
  const fulfillmentUrls = fulfillments.map((each) => endpoint(settings, each)).join(',');
  const busy = [...BUSY_NODE_FLAGS, ...TELEMETRY];
  const storefront = (name: string, instance: string, port: PortName, more: Record<string, string> = {}) => {
    const environment = {
      ROLE: 'storefront',
      ...database,
      IDENTITY_URL: endpoint(settings, 'identity'),
      FULFILLMENT_URLS: fulfillmentUrls,
      SERVICE_VERSION: settings.storefrontVersion,
      SERVICE_VERSION_FILE: layout.versionFile(name),
      ...more,
    };
    return role(name, instance, port, environment, busy);
  };
  return [
    role('identity', 'identity-1', 'identity', {}, busy),
    ...FULFILLMENT_INSTANCES.map(({ instance, failureFactor, cycles }) =>
      role(instance, instance, instance, {
        RESTART_TOKEN: readSecret(layout, 'restart-token'),
        FAILURE_FACTOR: String(failureFactor),
        FAILURE_CYCLES: String(cycles),
      }),
    ),
    role('payments', 'payments-1', 'payments', {
      CHARGES_FILE: join(dataFolder(context, 'payments'), 'charges.jsonl'),
    }),
    role('checkout', 'checkout-1', 'checkout', {
      ...database,
      PAYMENTS_URL: endpoint(settings, 'payments'),
      FULFILLMENT_URLS: fulfillmentUrls,
    }),
    storefront('storefront', 'storefront-1', 'storefront', {
      PROBE_KEY_FILE: join(layout.secretsDir, 'probe-key'),
    }),
    {
      ...storefront(STOREFRONT_CANARY.process, STOREFRONT_CANARY.instance, 'storefront-canary'),
      autostart: false,
      isStandby: true,
    },
    ...(context.traffic
      ? [
          {
            ...role(
              'traffic',
              'traffic-1',
              'traffic',
              {
                STOREFRONT_URL: endpoint(settings, 'storefront'),
                CANARY_URL: endpoint(settings, 'storefront-canary'),
                PROBE_KEY_FILE: join(layout.secretsDir, 'probe-key'),
              },
              NODE_FLAGS,
            ),
            // Begins when the application is ready and the backfill is written.
            autostart: false,
          },
        ]
      : []),
  ];
}
