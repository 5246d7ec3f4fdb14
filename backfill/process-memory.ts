import { FULFILLMENT_INSTANCES, type ServiceName } from '@aiops-sre/conventions/services.ts';
import { seededRandom } from '@aiops-sre/service-kit/random/seeded-random.ts';
import { seriesName } from './open-metrics.ts';

/** A gauge of the past. */
export interface GaugeSeries {
  readonly name: string;
  valueAt(endSeconds: number): number;
}

/** Resident megabytes shortly after a full garbage collection, about what the native engine's processes take. */
const AT_REST_MB = { storefront: 122, identity: 116, fulfillment: 108 } as const;
/** What gathers until the next full collection, and how long that takes. */
const GARBAGE_MB = 9;
const COLLECTION_SECONDS = 47 * 60;
const NOISE_MB = 1;

/** Resident memory of the application's processes when nothing leaks: a saw-tooth of garbage, each with a phase of its own. */
export function processMemory(): readonly GaugeSeries[] {
  const random = seededRandom(20_261_122);
  const processes: readonly (readonly [ServiceName & keyof typeof AT_REST_MB, string])[] = [
    ['storefront', 'storefront-1'],
    ['identity', 'identity-1'],
    ...FULFILLMENT_INSTANCES.map(({ instance }) => ['fulfillment', instance] as const),
  ];
  return processes.map(([service, instance]) => {
    const phase = random();
    return {
      name: seriesName('process_resident_memory_bytes', { job: 'demo-app', service, instance }),
      valueAt(endSeconds) {
        const gathered = (endSeconds / COLLECTION_SECONDS + phase) % 1;
        const noise = NOISE_MB * (random() - 0.5);
        return Math.round((AT_REST_MB[service] + GARBAGE_MB * gathered + noise) * 1e6);
      },
    };
  });
}
