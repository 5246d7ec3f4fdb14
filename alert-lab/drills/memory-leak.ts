import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { actionOf } from './action-of.ts';
import type { Drill } from './drill.ts';
import { incidentWith } from './incident-with.ts';
import { rootIs } from './root-of.ts';

const INSTANCE = 'fulfillment-4';
const ACTION = 'restart-leaking-instance';
/** The limit that the detector's rule process_memory names. */
const LIMIT_BYTES = 300e6;
/** Reaches the limit after some 25 minutes; what is unusual by itself is reached after ten or more. */
const LEAK_MB_PER_MINUTE = 8;
const MEMORY = `process_resident_memory_bytes{service="fulfillment",instance="${INSTANCE}"}`;
/** For longer than a step of the detector's rule: the drift is judged from there on, not from the flat hour before. */
const AWAY = `max_over_time(up{instance="${INSTANCE}"}[45s]) == 0`;

export const memoryLeak: Drill = {
  name: 'memory-leak',
  description:
    'an instance leaks from its start on; its limit is predicted, people approve a restart in time',
  async play({ stack, mark, within, zeroMs, elapsed, about, onEnd }) {
    const started = async () =>
      (await stack.supervisor.processes())?.find(({ name }) => name === INSTANCE)?.startedAtMs;
    onEnd(async () => {
      await stack.supervisor.act(INSTANCE, 'start');
      await stack.clearFaults(INSTANCE).catch(() => undefined);
    });
    await stack.supervisor.act(INSTANCE, 'stop');
    mark(`${INSTANCE} is deployed anew: stopped`);
    await within('away for 45 s', 120, async () => (await stack.prometheus.value(AWAY)) !== undefined);
    await stack.supervisor.act(INSTANCE, 'start');
    await within('started', elapsed() + 60, async () => {
      await stack.setFaults(INSTANCE, {
        memoryLeakMbPerMinute: LEAK_MB_PER_MINUTE,
        durationSeconds: 3600,
      });
      return true;
    });
    mark(`it leaks ${LEAK_MB_PER_MINUTE} MB a minute`);
    const leakingSince = await started();
    const { id } = await within('predicted breach, as part of an incident', elapsed() + 1200, () =>
      incidentWith(
        stack,
        zeroMs(),
        ({ labels }) =>
          labels.alertname === ALERTS.predictedBreach &&
          labels.rule === 'process_memory' &&
          labels.instance === INSTANCE,
      ),
    );
    about(id);
    await within('it lives, below its limit', elapsed() + 5, async () => {
      const bytes = await stack.prometheus.value(MEMORY);
      return bytes !== undefined && bytes < LIMIT_BYTES && (await started()) === leakingSince;
    });
    await within('the instance is named as the root', elapsed() + 60, () =>
      rootIs(stack, id, { cause: 'instance', service: 'fulfillment', instance: INSTANCE }),
    );
    const proposed = await within('a restart is proposed', elapsed() + 30, () =>
      actionOf(stack, id, ACTION, ['proposed']),
    );
    await stack.approve(proposed.id, 'Heap snapshot taken.');
    mark('approved, by an operator');
    await within('restarted, by the responder', elapsed() + 60, async () => {
      const now = await started();
      return now !== undefined && now !== leakingSince;
    });
    await within('action verified', elapsed() + 210, () => actionOf(stack, id, ACTION, ['succeeded']));
    await within('the prediction took itself back', elapsed() + 900, async () => {
      const { alerts } = await stack.incident(id);
      return !alerts.some(
        ({ labels, status }) => labels.alertname === ALERTS.predictedBreach && status === 'firing',
      );
    });
    await within(
      'incident resolved',
      elapsed() + 300,
      async () => (await stack.incident(id)).status === 'resolved',
    );
    await within(
      'postmortem drafted',
      elapsed() + 30,
      async () => (await stack.postmortem(id)) !== undefined,
    );
    return { incidentId: id };
  },
};
