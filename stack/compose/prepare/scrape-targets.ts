import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Services with a profile of their own name in docker-compose.yml that Prometheus scrapes. */
export const OPTIONAL_SERVICES = ['traffic', 'grafana'] as const;

/** Profiles of docker-compose.yml that each bring the demo application along. */
const DEMO_PROFILES = ['demo', 'traffic', 'k6', '*'];
const DEMO_TARGETS = 'demo-app.json';
/** Of the profile that a deployment turns on. */
const CANARY = { profile: 'canary', targets: 'demo-app-canary.json' } as const;

export const hasDemo = (profiles: readonly string[]): boolean =>
  DEMO_PROFILES.some((name) => profiles.includes(name));

export const hasCanary = (profiles: readonly string[]): boolean =>
  [CANARY.profile, '*'].some((name) => profiles.includes(name));

const targetsSchema = z.array(z.looseObject({ labels: z.looseObject({ service: z.string().optional() }) }));

/**
 * Writes the scrape targets of `source` to the folder `target`, without those of services that were left out on purpose:
 * nobody misses them. The folder of the user's own services is left empty, for Compose to mount.
 */
export function writeScrapeTargets(options: {
  readonly source: string;
  readonly target: string;
  readonly leftOut: readonly string[];
  readonly demo: boolean;
  /** Whether a deployment runs. */
  readonly canary: boolean;
}): void {
  const { source, target, leftOut, demo, canary } = options;
  for (const old of readdirSync(target)) if (old.endsWith('.json')) rmSync(join(target, old));
  mkdirSync(join(target, 'services'), { recursive: true });
  for (const file of readdirSync(source).filter((name) => name.endsWith('.json'))) {
    const all = targetsSchema.parse(JSON.parse(readFileSync(join(source, file), 'utf8')));
    const wanted = all.filter(
      ({ labels: { service } }) =>
        (demo || file !== DEMO_TARGETS) &&
        (canary || file !== CANARY.targets) &&
        (service === undefined || !leftOut.includes(service)),
    );
    writeFileSync(join(target, file), `${JSON.stringify(wanted, undefined, 2)}\n`);
  }
}
