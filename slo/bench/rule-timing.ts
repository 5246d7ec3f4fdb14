import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '@aiops-sre/service-kit/statistics/median.ts';
import { z } from 'zod';

const rulesAnswer = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        interval: z.number(),
        evaluationTime: z.number(),
        lastEvaluation: z.string(),
        rules: z.array(z.object({ health: z.string(), lastError: z.string().optional(), name: z.string() })),
      }),
    ),
  }),
});

export interface GroupTiming {
  readonly name: string;
  readonly intervalSeconds: number;
  /** Median evaluation time of the group in seconds: one evaluation that a busy machine held up would carry a mean. */
  readonly medianSeconds: number;
  readonly maximumSeconds: number;
  readonly evaluations: number;
}

const POLL_MS = 5000;

/** Follows a Prometheus' rule groups for some time. @throws Error when a rule fails to evaluate */
export async function timeRuleGroups(
  url: string,
  durationMs: number,
  signal: AbortSignal,
): Promise<readonly GroupTiming[]> {
  const seen = new Map<string, { interval: number; times: Map<string, number> }>();
  for (const endMs = performance.now() + durationMs; performance.now() < endMs; ) {
    await sleep(POLL_MS, undefined, { signal });
    const answer = await fetch(`${url}/api/v1/rules`, { signal: AbortSignal.timeout(30_000) });
    for (const group of rulesAnswer.parse(await answer.json()).data.groups) {
      // A starved Prometheus may evaluate a group twice for one timestamp; the second time is refused and does no harm.
      const failed = group.rules.find(
        ({ health, lastError }) => health === 'err' && !lastError?.includes('duplicate sample'),
      );
      if (failed) throw new Error(`rule ${failed.name} of ${group.name} fails: ${failed.lastError}`);
      // Before its first evaluation the time is that of year 1.
      if (group.lastEvaluation.startsWith('0001')) continue;
      const known = seen.get(group.name) ?? { interval: group.interval, times: new Map() };
      known.times.set(group.lastEvaluation, group.evaluationTime);
      seen.set(group.name, known);
    }
  }
  return [...seen].map(([name, { interval, times }]) => ({
    name,
    intervalSeconds: interval,
    medianSeconds: median([...times.values()]),
    maximumSeconds: Math.max(...times.values()),
    evaluations: times.size,
  }));
}

/** Evaluation seconds a minute of the groups whose name starts so. */
export function secondsAMinute(groups: readonly GroupTiming[], prefix: string): number {
  return groups
    .filter(({ name }) => name.startsWith(prefix))
    .reduce((sum, { medianSeconds, intervalSeconds }) => sum + (medianSeconds * 60) / intervalSeconds, 0);
}
