import type { RunningStack } from './running-stack.ts';

/** Below it the responder does nothing. */
const SURE = 0.8;

/**
 * Whether the responder is sure enough of what is behind an incident.
 *
 * @throws Error saying what it takes for the root instead
 */
export async function rootIs(
  stack: RunningStack,
  incidentId: number,
  expected: { readonly cause: string; readonly service: string; readonly instance?: string | undefined },
): Promise<true> {
  const { hypotheses, alerts } = await stack.incident(incidentId);
  const [root] = hypotheses;
  if (
    root !== undefined &&
    root.confidence >= SURE &&
    root.cause === expected.cause &&
    root.service === expected.service &&
    (expected.instance === undefined || root.instance === expected.instance)
  )
    return true;
  const found = root === undefined ? 'none' : `${root.summary} (${Math.round(root.confidence * 100)} %)`;
  const told = alerts.map(({ labels }) => `${labels.alertname} ${labels.rule ?? labels.service}`).join(', ');
  throw new Error(`the root is ${found}; alerts: ${told}`);
}
