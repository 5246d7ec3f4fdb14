import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STOREFRONT_CANARY } from '@aiops-sre/conventions/services.ts';
import { prometheusTargets } from '../native/configuration.ts';
import { layout as layoutOf } from '../native/layout.ts';
import { SupervisorClient } from '../native/supervisor/client.ts';
import type { Settings } from '../settings.ts';
import type { StorefrontProcesses } from './platform-stage.ts';
import { rememberVersion } from './storefront-version.ts';

const READY_WITHIN_MS = 60_000;
const POLL_MS = 250;
/** A process that ends this often without ever being ready is broken, not slow. */
const CRASHES_TO_GIVE_UP = 3;

/** By the supervisor, which has the canary on standby; Prometheus reads the file of its target as soon as it changes. */
export function nativeProcesses(settings: Settings): StorefrontProcesses {
  const layout = layoutOf(settings);
  const supervisor = new SupervisorClient(layout.socketPath);
  const canary = STOREFRONT_CANARY.process;

  function scrapeCanary(isScraped: boolean): void {
    const running = { grafana: true, traffic: true, demo: true, canary: isScraped };
    const targets = prometheusTargets(settings, running)['demo-app-canary'];
    writeFileSync(layout.canaryTargetFile, `${JSON.stringify(targets, undefined, 2)}\n`);
  }
  async function statusOf(name: string) {
    const status = (await supervisor.processes())?.find((each) => each.name === name);
    if (status === undefined)
      throw new Error(`the running stack has no ${name}: npm stop, then npm start, and deploy again`);
    return status;
  }
  async function ready(name: string, signal?: AbortSignal): Promise<void> {
    const before = (await statusOf(name)).crashes;
    for (const deadline = Date.now() + READY_WITHIN_MS; ; ) {
      const { readyUrl, crashes } = await statusOf(name);
      const log = join(layout.logDir, `${name}.log`);
      if (crashes - before >= CRASHES_TO_GIVE_UP)
        throw new Error(`${name} ended ${crashes - before} times before it was ready; see ${log}`);
      const answer = await fetch(readyUrl, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      if (answer?.ok) return;
      if (Date.now() > deadline)
        throw new Error(`${name} was not ready within ${READY_WITHIN_MS / 1000} s; see ${log}`);
      await sleep(POLL_MS, undefined, { signal });
    }
  }
  return {
    async startCanary(version, signal) {
      await statusOf(canary);
      await rememberVersion(layout, canary, version);
      await supervisor.act(canary, 'restart');
      scrapeCanary(true);
      await ready(canary, signal);
    },
    async stopCanary() {
      // Before it is gone, so that nobody misses it.
      scrapeCanary(false);
      await supervisor.act(canary, 'stop');
    },
    async restartStable(_version, signal) {
      await supervisor.act('storefront', 'restart');
      await ready('storefront', signal);
    },
  };
}
