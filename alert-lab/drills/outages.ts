import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import type { PortName } from '@aiops-sre/stack/settings.ts';
import { actionOf } from './action-of.ts';
import { type Drill, DrillFailure } from './drill.ts';
import { incidentWith } from './incident-with.ts';
import { rootIs } from './root-of.ts';

/** Scrapes, two evaluations, and the responder's look at Alertmanager where a notification waits for its group. */
const HEARD_SECONDS = 150;
const VERIFIED_SECONDS = 150;
/** An alert's end is notified with its group's next interval, or noticed by the responder after two minutes. */
const ENDED_SECONDS = 330;
/** Longest delay of the action that leads home: incident-responder/actions/leave-disaster-recovery.yaml. */
const LEAVE_AFTER_SECONDS = 300;

const LEAVE = 'leave-disaster-recovery';

interface Outage {
  readonly name: string;
  readonly description: string;
  readonly alert: string;
  readonly down: readonly PortName[];
  /** Names of actions, in the order in which they have to be taken. */
  readonly actions: readonly string[];
  readonly notTaken: readonly string[];
}

function outage({ name, description, alert, down, actions, notTaken }: Outage): Drill {
  return {
    name,
    description,
    async play({ stack, mark, within, zeroMs, elapsed, about, onEnd }) {
      const { forSeconds, keepFiringSeconds } = await stack.alertRule(alert);
      const start = () => Promise.all(down.map((instance) => stack.supervisor.act(instance, 'start')));
      onEnd(async () => void (await start()));
      await Promise.all(down.map((instance) => stack.supervisor.act(instance, 'stop')));
      mark(`stopped: ${down.join(', ')}`);
      const { id } = await within(`${alert}, as part of an incident`, forSeconds + HEARD_SECONDS, () =>
        incidentWith(
          stack,
          zeroMs(),
          ({ labels }) => labels.alertname === alert && labels.service === 'fulfillment',
        ),
      );
      about(id);
      await within('the instances are named as the root', elapsed() + 60, () =>
        rootIs(stack, id, { cause: 'instance', service: 'fulfillment' }),
      );
      for (const action of actions)
        await within(`${action}, verified`, elapsed() + VERIFIED_SECONDS, () =>
          actionOf(stack, id, action, ['succeeded']),
        );

      await start();
      mark('started again');
      await within(
        `${alert} resolved`,
        elapsed() + keepFiringSeconds + ENDED_SECONDS,
        async () =>
          !(await stack.incident(id)).alerts.some(
            ({ labels, status }) => labels.alertname === alert && status === 'firing',
          ),
      );
      // While a major outage lasts, the half outage is inhibited: its end is noticed, not notified.
      await within(`${LEAVE}, waits`, elapsed() + ENDED_SECONDS, () =>
        actionOf(stack, id, LEAVE, ['scheduled', 'approved', 'executing', 'verifying', 'succeeded']),
      );
      const home = await within(
        `${LEAVE}, verified`,
        elapsed() + LEAVE_AFTER_SECONDS + VERIFIED_SECONDS,
        () => actionOf(stack, id, LEAVE, ['succeeded']),
      );
      if (home.dueAt === null || home.startedAt === null || home.startedAt < home.dueAt)
        throw new DrillFailure(`${LEAVE}: begun ${home.startedAt}, before its delay ended (${home.dueAt})`);
      const taken = (await stack.actionRuns(id)).filter(({ state }) => state === 'succeeded');
      for (const action of notTaken)
        if (taken.some((run) => run.action === action)) throw new DrillFailure(`${action}: was taken`);
      for (const action of [...actions, LEAVE]) {
        const times = taken.filter((run) => run.action === action).length;
        if (times !== 1) throw new DrillFailure(`${action}: taken ${times} times, expected once`);
      }
      return { incidentId: id };
    },
  };
}

/** Every other one, so that the storefront's second try finds one that answers. */
export const halfOutage = outage({
  name: 'half-outage',
  description: 'two of four instances stop; the standby site is started, and stopped when they are back',
  alert: ALERTS.serviceHalfOutage,
  down: ['fulfillment-1', 'fulfillment-3'],
  actions: ['start-disaster-recovery'],
  notTaken: ['switch-to-disaster-recovery'],
});

export const majorOutage = outage({
  name: 'major-outage',
  description: 'three of four stop; the standby site is started, users are led there, and home again',
  alert: ALERTS.serviceMajorOutage,
  down: ['fulfillment-1', 'fulfillment-2', 'fulfillment-3'],
  actions: ['start-disaster-recovery', 'switch-to-disaster-recovery'],
  notTaken: [],
});
