import { setTimeout as sleep } from 'node:timers/promises';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { RunningStack } from './running-stack.ts';

/** The long windows of a burn rate hold a page open for up to half an hour: a new stack of one's own is sooner there. */
export const NEW_STACK_AFTER_MS = 3 * 60_000;

const ASK_EVERY_MS = 2000;
/** Whether the detector found anything unusual in two whole minutes: a start, also that of another stack, can be. */
const UNUSUAL = `max(max_over_time(${METRICS.anomalyActive}[2m])) and max(count_over_time(${METRICS.anomalyActive}[2m])) >= 7`;

/** Other stacks, and whatever else runs here, keep the machine busy: that is no news of this stack, and ends when they do. */
export const isOfMachineAlone = ({ services }: { readonly services: readonly string[] }): boolean =>
  services.every((service) => service === 'host');

/**
 * Waits until nothing is under way: it would be part of the next incident.
 *
 * @returns false if that did not come about in time
 */
export async function untilCalm(
  stack: RunningStack,
  options: {
    readonly timeoutMs: number;
    readonly signal: AbortSignal;
    /** Called in between. */
    readonly meanwhile?: () => Promise<void>;
  },
): Promise<boolean> {
  const { timeoutMs, signal, meanwhile = async () => {} } = options;
  const deadlineMs = Date.now() + timeoutMs;
  const isCalm = async () => {
    await meanwhile();
    return (
      (await stack.incidents()).every((each) => each.status === 'resolved' || isOfMachineAlone(each)) &&
      (await stack.prometheus.value(UNUSUAL)) === 0
    );
  };
  while (!(await isCalm().catch(() => false))) {
    if (Date.now() > deadlineMs) return false;
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
  return true;
}
