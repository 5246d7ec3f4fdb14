import { median } from '@aiops-sre/service-kit/statistics/median.ts';
import type { Evidence, InstanceHealth } from '../evidence/evidence.ts';

/** An instance is out when it fails this much more than both its neighbours and itself before, and this many times as much more. */
const OUT = { more: 0.1, timesNeighbours: 5 } as const;

/** The one instance of a service that fails as neither the others do nor it did before. */
export function instanceOut(service: string, { instances }: Evidence): InstanceHealth | undefined {
  const rise = ({ failedRatio, usualFailedRatio }: InstanceHealth) => failedRatio - usualFailedRatio;
  const [worst, ...others] = instances
    .filter((each) => each.service === service)
    .sort((a, b) => rise(b) - rise(a));
  if (worst === undefined) return undefined;
  const neighbours = others.filter(({ instance }) => instance !== worst.instance);
  if (neighbours.length === 0) return undefined;
  const beyondNeighbours = worst.failedRatio - median(neighbours.map(({ failedRatio }) => failedRatio));
  const isOut =
    Math.min(rise(worst), beyondNeighbours) >= OUT.more &&
    rise(worst) >= OUT.timesNeighbours * median(neighbours.map(rise));
  return isOut ? worst : undefined;
}
