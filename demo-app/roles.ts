import { FLAGS } from '@aiops-sre/conventions/flags.ts';
import type { Logger } from 'pino';
import type { Disk } from './faults/disk.ts';
import type { Network } from './http/network.ts';
import type { ApiRoute } from './http/service.ts';
import { type AppMetrics, createAppMetrics, type Route } from './metrics/app-metrics.ts';
import type { Settings } from './settings.ts';

interface RoleOptions {
  readonly settings: Settings;
  readonly logger: Logger;
}

export interface Role {
  readonly metrics: AppMetrics;
  readonly api: readonly ApiRoute[];
  /** Over which it calls others. */
  readonly network?: Network;
  /** What it keeps files on. */
  readonly disk?: Disk;
  /** Begins work that no request asks for. */
  readonly start?: () => void;
  /** Ends that work, and what else would keep the process. */
  readonly stop?: () => void;
  /** Ends what the last requests still need. */
  readonly close?: () => Promise<void>;
  /** That it may have at once; else what any service has. */
  readonly maxConnections?: number;
  /** What must come before it can take requests, as long as that has not come. */
  readonly waitingFor?: () => string | undefined;
}

/** Wires one role. Modules of the other roles are not loaded: each process pays only for what it does. */
export async function createRole({ settings, logger }: RoleOptions): Promise<Role> {
  const metricsOf = (routes: readonly Route[]) => createAppMetrics({ ...settings, routes });
  const random = Math.random;
  switch (settings.role) {
    case 'storefront': {
      const { STOREFRONT_ROUTES } = await import('@aiops-sre/conventions/services.ts');
      const { createJsonClient } = await import('./http/json-client.ts');
      const { createNetwork } = await import('./http/network.ts');
      const { storefrontApi } = await import('./storefront/storefront-api.ts');
      const { MOST_CONNECTIONS } = await import('./storefront/limit-in-flight.ts');
      const { openShop } = await import('./database/open-shop.ts');
      const { openFlags } = await import('./flags/open-flags.ts');
      const { behaviourOf } = await import('./versions/versions.ts');
      const { behave } = await import('./versions/behave.ts');
      const { leakMemory } = await import('./faults/memory-leak.ts');
      const behaviour = behaviourOf(settings.version);
      const metrics = metricsOf(STOREFRONT_ROUTES);
      const flags = await openFlags({ file: settings.flagsFile, registry: metrics.registry, logger });
      const isAccountsOneByOne = async () =>
        behaviour.accountsOneByOne || flags.client.getBooleanValue(FLAGS.accountsOneByOne, false);
      const network = createNetwork();
      const identity = createJsonClient({
        baseUrl: settings.identityUrl,
        timeoutMs: 3_000,
        over: { network, to: 'identity' },
      });
      const fulfillment = settings.fulfillmentUrls.map((baseUrl) =>
        createJsonClient({ baseUrl, timeoutMs: 2_000, over: { network, to: 'fulfillment' } }),
      );
      const shedShare = () => flags.client.getNumberValue(FLAGS.shedLoad, 0);
      const { database, queue, waitingFor, close } = openShop({
        settings,
        registry: metrics.registry,
        logger,
      });
      const { probeKey } = settings;
      const api = storefrontApi({
        identity,
        fulfillment,
        database,
        queue,
        isAccountsOneByOne,
        shedShare,
        probeKey,
        // A secret that every instance has.
        pseudonymKey: settings.otlpKey,
        random,
      });
      return {
        metrics,
        network,
        api: behave(api, behaviour, random),
        start: () => void leakMemory(behaviour.memoryLeakMbPerMinute),
        stop: flags.close,
        maxConnections: MOST_CONNECTIONS,
        waitingFor,
        close,
      };
    }
    case 'identity': {
      const { IDENTITY_ROUTES, identityApi } = await import('./identity/identity-api.ts');
      const { openFlags } = await import('./flags/open-flags.ts');
      const metrics = metricsOf(IDENTITY_ROUTES);
      const flags = await openFlags({ file: settings.flagsFile, registry: metrics.registry, logger });
      const isExperimental = () => flags.client.getBooleanValue(FLAGS.experimentalIdentityProvider, false);
      const api = identityApi({ isExperimental, random });
      return { metrics, api, stop: flags.close };
    }
    case 'fulfillment': {
      const { FULFILLMENT_ROUTES, fulfillmentApi } = await import('./fulfillment/fulfillment-api.ts');
      const metrics = metricsOf(FULFILLMENT_ROUTES);
      const failure = { factor: settings.failureFactor, cycles: settings.failureCycles };
      return { metrics, api: fulfillmentApi({ registry: metrics.registry, failure, random, now: Date.now }) };
    }
    case 'checkout': {
      const { CHECKOUT_ROUTES, checkoutApi } = await import('./checkout/checkout-api.ts');
      const { createJsonClient } = await import('./http/json-client.ts');
      const { createNetwork } = await import('./http/network.ts');
      const { createDocumentDispatch } = await import('./storefront/document-dispatch.ts');
      const { openShop } = await import('./database/open-shop.ts');
      const { watchQueues } = await import('./checkout/queue-state.ts');
      const { limitGrowth } = await import('./checkout/retention.ts');
      const { checkoutSteps } = await import('./checkout/steps.ts');
      const { createWorker } = await import('./checkout/worker.ts');
      const { adminToken } = settings;
      const metrics = metricsOf(adminToken ? CHECKOUT_ROUTES : []);
      const { registry } = metrics;
      const network = createNetwork();
      const payments = createJsonClient({
        baseUrl: settings.paymentsUrl,
        timeoutMs: 5_000,
        over: { network, to: 'payments' },
      });
      const fulfillment = settings.fulfillmentUrls.map((baseUrl) =>
        createJsonClient({ baseUrl, timeoutMs: 2_000, over: { network, to: 'fulfillment' } }),
      );
      const dispatch = createDocumentDispatch(fulfillment);
      const { database, queue, waitingFor, close } = openShop({
        settings,
        registry,
        logger,
        supervise: true,
        begin: () => createWorker({ queue, steps, registry, logger }).start(),
      });
      const steps = checkoutSteps({ database, queue, payments, dispatch });
      const api = adminToken ? checkoutApi({ queue, adminToken }) : [];
      const stopWatching = watchQueues({ database, registry });
      const stopDeleting = limitGrowth({ database, logger });
      const stop = () => {
        stopWatching();
        stopDeleting();
      };
      return { metrics, network, api, stop, waitingFor, close };
    }
    case 'payments': {
      const { PAYMENTS_ROUTES, paymentsApi } = await import('./payments/payments-api.ts');
      const { openCharges } = await import('./payments/charges.ts');
      const { createDisk } = await import('./faults/disk.ts');
      const metrics = metricsOf(PAYMENTS_ROUTES);
      const disk = createDisk();
      const charges = await openCharges({ file: settings.chargesFile, disk });
      return { metrics, disk, api: paymentsApi({ charges, registry: metrics.registry, random }) };
    }
    case 'traffic': {
      const { createJsonClient } = await import('./http/json-client.ts');
      const { openFlags } = await import('./flags/open-flags.ts');
      const { startTraffic } = await import('./traffic/generator.ts');
      const { currentRate } = await import('./traffic/current-rate.ts');
      const { startCheckoutProbe } = await import('./probe/checkout-probe.ts');
      const { CHECKOUT_PROBE, PROBE_KEY_HEADER } = await import('@aiops-sre/conventions/probe.ts');
      const metrics = metricsOf([]);
      const flags = await openFlags({ file: settings.flagsFile, registry: metrics.registry, logger });
      const visit = (baseUrl: string) => createJsonClient({ baseUrl, timeoutMs: 5_000, maxSockets: 100 });
      const canaryShare = async () =>
        (await flags.client.getNumberValue(FLAGS.storefrontCanaryPercent, 0)) / 100;
      // Connections of its own: those of visitors may all be taken.
      const probed = createJsonClient({
        baseUrl: settings.storefrontUrl,
        timeoutMs: 5_000,
        headers: {
          authorization: `Bearer demo-${CHECKOUT_PROBE.user}`,
          ...(settings.probeKey === undefined ? {} : { [PROBE_KEY_HEADER]: settings.probeKey }),
        },
      });
      let stopTraffic = () => {};
      let stopProbe = () => {};
      return {
        metrics,
        api: [],
        start() {
          stopTraffic = startTraffic({
            storefront: visit(settings.storefrontUrl),
            canary: { storefront: visit(settings.canaryUrl), share: canaryShare },
            registry: metrics.registry,
            logger,
            random,
            ratePerSecond: () =>
              currentRate({
                meanPerSecond: settings.trafficRatePerSecond,
                timeZone: settings.trafficTimeZone,
                flags: flags.client,
                timestampMs: Date.now(),
              }),
          });
          const { registry } = metrics;
          stopProbe = startCheckoutProbe({ storefront: probed, registry, logger, random });
        },
        stop() {
          stopTraffic();
          stopProbe();
          flags.close();
        },
      };
    }
  }
}
