import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { FLAGS } from '@aiops-sre/conventions/flags.ts';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { type Drill, DrillFailure } from './drill.ts';
import { incidentWith } from './incident-with.ts';

const FLAG = FLAGS.trafficRateFactor;
const RULE = 'storefront_requests';
const VALUE = `${METRICS.anomalyValue}{rule="${RULE}"}`;
const EXPECTED = `${METRICS.anomalyExpected}{rule="${RULE}"}`;
/** What comes from anywhere but the flag is no news to what it is compared with. */
const ORDINARY = `avg_over_time((${VALUE} / ${EXPECTED})[2m:30s])`;

export const trafficDrop: Drill = {
  name: 'traffic-drop',
  description: 'two of three visitors stay away; people are told, and nothing acts',
  ready: {
    what: 'ordinary traffic',
    withinSeconds: 600,
    holds: async (stack) => ((await stack.prometheus.value(ORDINARY)) ?? 0) >= 0.8,
  },
  async play({ stack, mark, within, zeroMs, elapsed, about, onEnd }) {
    const before = stack.setFlag(FLAG, 'third');
    onEnd(() => void stack.setFlag(FLAG, before));
    mark('two of three visitors stay away');
    const { id, alert } = await within('anomaly, as part of an incident', 420, () =>
      incidentWith(
        stack,
        zeroMs(),
        ({ labels }) => labels.alertname === ALERTS.anomaly && labels.rule === RULE,
      ),
    );
    about(id);
    await within(
      'less than 60 % of the requests that were expected',
      elapsed() + 30,
      async () => ((await stack.prometheus.value(`${VALUE} / ${EXPECTED}`)) ?? 1) < 0.6,
    );
    await within('looked at by the responder', elapsed() + 60, async () => {
      return (await stack.incident(id)).hypotheses.length > 0;
    });
    stack.setFlag(FLAG, before);
    mark('the visitors are back');
    await within(
      'as many requests as expected',
      elapsed() + 300,
      async () => ((await stack.prometheus.value(`${VALUE} / ${EXPECTED}`)) ?? 0) > 0.8,
    );
    await within('anomaly resolved', elapsed() + 600, async () => {
      const { alerts } = await stack.incident(id);
      return alerts.some(
        ({ labels, startsAt, status }) =>
          labels.rule === RULE && startsAt === alert.startsAt && status === 'resolved',
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
    const acted = (await stack.actionRuns(id)).filter(({ startedAt }) => startedAt !== null);
    if (acted.length > 0)
      throw new DrillFailure(`nothing was to act, but ${acted.map(({ action }) => action).join(', ')} did`);
    mark('nothing had acted');
    return { incidentId: id };
  },
};
