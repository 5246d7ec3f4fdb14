import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { FLAGS } from '@aiops-sre/conventions/flags.ts';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { STOREFRONT_CANARY } from '@aiops-sre/conventions/services.ts';
import { openFlagFile } from '@aiops-sre/incident-responder/flags/flag-file.ts';
import { endpoint } from '@aiops-sre/service-kit/platform/ports.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { layout as layoutOf } from '../native/layout.ts';
import type { Settings } from '../settings.ts';
import { readArms } from './comparison/arms.ts';
import { flagsFileOf } from './flags-file.ts';
import type { Stage } from './roll-out.ts';
import { rememberVersion, stableVersion } from './storefront-version.ts';

const QUERY_TIMEOUT_MS = 5_000;
/** A flag is read every second, and scraped every five. */
const FOLLOWS_WITHIN_MS = 15_000;
const POLL_MS = 500;

/** What an engine does with the processes of the storefront. Versions are those for their next start. */
export interface StorefrontProcesses {
  /** Resolves once the canary is scraped and ready. */
  startCanary(version: string, signal?: AbortSignal): Promise<void>;
  /** Neither runs nor scraped; nothing happens where that is so. */
  stopCanary(): Promise<void>;
  /** Resolves once the stable storefront is ready. */
  restartStable(version: string, signal?: AbortSignal): Promise<void>;
}

export interface PlatformStageOptions {
  readonly settings: Settings;
  readonly engine: 'native' | 'compose';
  readonly processes: StorefrontProcesses;
  /** Of the stable storefront. */
  readonly previous: string;
  /** Whether the stable storefront may run with another version by now. */
  readonly isPromoting: () => boolean;
  readonly signal: AbortSignal;
}

export function platformStage(options: PlatformStageOptions): Stage {
  const { settings, engine, processes, previous, isPromoting, signal } = options;
  const layout = layoutOf(settings);
  const flags = openFlagFile(flagsFileOf(settings, engine));
  const prometheus = createPrometheusClient({
    url: endpoint(settings, 'prometheus'),
    timeoutMs: QUERY_TIMEOUT_MS,
  });
  const setShare = async (percent: number, signal?: AbortSignal) => {
    const variant = percent === 0 ? 'none' : String(percent);
    const { variant: before = 'none' } = (await flags.read()).get(FLAGS.storefrontCanaryPercent) ?? {};
    if (before === variant) return;
    await flags.setDefaultVariant(FLAGS.storefrontCanaryPercent, variant);
    const followed = `${METRICS.demoFeatureFlag}{service="traffic",flag="${FLAGS.storefrontCanaryPercent}",variant="${variant}"}`;
    for (const deadline = Date.now() + FOLLOWS_WITHIN_MS; Date.now() < deadline; ) {
      // Without traffic, or without Prometheus, nobody says that it follows.
      if ((await prometheus.value(followed, signal).catch(() => undefined)) === 1) return;
      await sleep(POLL_MS, undefined, { signal });
    }
  };
  const endCanary = async () => {
    await setShare(0);
    await processes.stopCanary();
    rmSync(layout.versionFile(STOREFRONT_CANARY.process), { force: true });
  };
  return {
    startCanary: (version) => processes.startCanary(version, signal),
    setShare: (percent) => setShare(percent, signal),
    async share() {
      const value = (await flags.read()).get(FLAGS.storefrontCanaryPercent)?.value;
      return Number(value ?? 0);
    },
    arms: (span) => readArms(prometheus, span, signal),
    async promote(version) {
      await rememberVersion(layout, 'storefront', version);
      await processes.restartStable(version, signal);
    },
    async takeBack() {
      if (isPromoting() && stableVersion(settings, layout) !== previous) {
        await rememberVersion(layout, 'storefront', previous);
        await processes.restartStable(previous);
      }
      await endCanary();
    },
    endCanary,
    now: Date.now,
    wait: (ms) => sleep(ms, undefined, { signal }),
  };
}
