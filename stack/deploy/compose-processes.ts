import { STOREFRONT_CANARY } from '@aiops-sre/conventions/services.ts';
import { execa } from 'execa';
import { composeServices, profilesOf, readConfigurationAgain } from '../compose/docker.ts';
import { composePorts } from '../compose/environment.ts';
import type { Settings } from '../settings.ts';
import type { StorefrontProcesses } from './platform-stage.ts';
import { stableVersion } from './storefront-version.ts';

const READY_WITHIN_SECONDS = 120;

/** By Docker Compose, whose profile `canary` is on while a deployment runs; `prepare` writes the target that Prometheus scrapes. */
export function composeProcesses(settings: Settings): StorefrontProcesses {
  const canary = STOREFRONT_CANARY.process;
  async function compose(args: readonly string[], environment: Record<string, string>, signal?: AbortSignal) {
    await execa('docker', ['compose', ...args], {
      cwd: settings.root,
      env: { ...composePorts(settings), STOREFRONT_RELEASE: stableVersion(settings), ...environment },
      ...(signal && { cancelSignal: signal }),
    });
  }
  const up = (service: string, version: string, signal?: AbortSignal) =>
    compose(
      [
        'up',
        '--detach',
        '--no-build',
        '--no-deps',
        '--wait',
        '--wait-timeout',
        String(READY_WITHIN_SECONDS),
        service,
      ],
      { STOREFRONT_RELEASE: version },
      signal,
    );
  /** As at the start, with the profile of the canary or without it. */
  async function scrapeCanary(isScraped: boolean): Promise<void> {
    const profiles = [...profilesOf(await composeServices(settings)), ...(isScraped ? ['canary'] : [])].join(
      ',',
    );
    const prepare = ['run', '--rm', '--no-TTY', '-e', 'HISTORY=off', 'prepare'];
    await compose(prepare, { COMPOSE_PROFILES: profiles });
    await readConfigurationAgain(settings, ['prometheus']);
  }
  return {
    async startCanary(version, signal) {
      await scrapeCanary(true);
      await up(canary, version, signal);
    },
    async stopCanary() {
      await scrapeCanary(false);
      await compose(['rm', '--stop', '--force', canary], {});
    },
    restartStable: (version, signal) => up('storefront', version, signal),
  };
}
