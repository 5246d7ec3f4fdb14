import type { RunningStack } from './running-stack.ts';

type Alert = Awaited<ReturnType<RunningStack['incident']>>['alerts'][number];

/** An evaluation may have begun just before a fault. */
const SLACK_MS = 60_000;

/** The unresolved incident in which such an alert fires that began since, and that alert. */
export async function incidentWith(
  stack: RunningStack,
  sinceMs: number,
  isWanted: (alert: Alert) => boolean,
): Promise<{ readonly id: number; readonly alert: Alert } | undefined> {
  for (const { id, status } of await stack.incidents()) {
    if (status === 'resolved') continue;
    const alert = (await stack.incident(id)).alerts.find(
      (each) => each.status === 'firing' && Date.parse(each.startsAt) >= sinceMs - SLACK_MS && isWanted(each),
    );
    if (alert !== undefined) return { id, alert };
  }
  return undefined;
}
