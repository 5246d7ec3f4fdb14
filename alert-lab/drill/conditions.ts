import type { Comparison } from '../deed/deed-schema.ts';
import { startOf } from '../deed/perform.ts';
import { actionOf } from './action-of.ts';
import { type AlertView, type Cast, incidentOf } from './cast.ts';
import type { Stage } from './drill.ts';
import type { Expectation } from './drill-schema.ts';
import { incidentWith } from './incident-with.ts';
import { rootIs } from './root-of.ts';

/**
 * Whether all that a step expects is so now. What it finds, the incident and its alert, stays with the cast.
 *
 * @throws Error saying what is not so, where there is more to say than that
 */
export async function holds(expected: Expectation, stage: Stage, cast: Cast): Promise<boolean> {
  const { stack } = stage;
  const incident = () => stack.incident(incidentOf(cast));
  if (expected.incidentWith) {
    const wanted = expected.incidentWith;
    const found = await incidentWith(stack, stage.zeroMs(), (alert) =>
      wanted.some((labels) => hasLabels(alert, labels)),
    );
    if (found === undefined) return false;
    cast.incident = { id: found.id };
    cast.alert = found.alert;
    stage.about(found.id);
  }
  if (expected.query !== undefined && expected.is !== undefined)
    if (!compare(await stack.prometheus.value(expected.query), expected.is)) return false;
  if (expected.assessed && (await incident()).hypotheses.length === 0) return false;
  if (expected.root && !(await rootIs(stack, incidentOf(cast), expected.root))) return false;
  if (expected.action) {
    const { name, state } = expected.action;
    if ((await actionOf(stack, incidentOf(cast), name, state)) === undefined) return false;
  }
  for (const [flag, variant] of Object.entries(expected.flags ?? {}))
    if (stack.flag(flag) !== variant) return false;
  if (expected.restarted) {
    const now = await startOf(stack, expected.restarted);
    if (now === undefined || now === cast.startedAtMs.get(expected.restarted)) return false;
  }
  if (expected.notRestarted) {
    const now = await startOf(stack, expected.notRestarted);
    if (now !== cast.startedAtMs.get(expected.notRestarted)) return false;
  }
  if (expected.resolved === 'incident' && (await incident()).status !== 'resolved') return false;
  if (expected.resolved === 'alert') {
    const { alerts } = await incident();
    if (!alerts.some((each) => each.status === 'resolved' && isSame(each, cast.alert))) return false;
  }
  if (expected.quiet) {
    const labels = expected.quiet;
    const { alerts } = await incident();
    if (alerts.some((each) => each.status === 'firing' && hasLabels(each, labels))) return false;
  }
  return !(expected.postmortem && (await stack.postmortem(incidentOf(cast))) === undefined);
}

export const hasLabels = ({ labels }: Pick<AlertView, 'labels'>, wanted: Readonly<Record<string, string>>) =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);

const isSame = (one: AlertView, other: AlertView | undefined) =>
  other !== undefined && one.startsAt === other.startsAt && hasLabels(one, other.labels);

/** Whether a query's value is what it has to be; no value is not. */
export function compare(value: number | undefined, { operator, number }: Comparison): boolean {
  if (value === undefined) return false;
  switch (operator) {
    case 'present':
      return true;
    case '>':
      return value > number;
    case '>=':
      return value >= number;
    case '<':
      return value < number;
    case '<=':
      return value <= number;
    case '==':
      return value === number;
    case '!=':
      return value !== number;
  }
}
