import { FLAGS } from '@aiops-sre/conventions/flags.ts';
import type { Drill } from './drill.ts';

const FLAG = FLAGS.experimentalIdentityProvider;
const OBJECTIVE_SECONDS = 0.5;
const P95 =
  'histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket{job="demo/storefront",http_route=~"/api/.+"}[30s])))';
const BURN = 'slo:current_burn_rate:ratio{slo="storefront-latency"}';

export const slowIdentityProvider: Drill = {
  name: 'slow-identity-provider',
  description: 'the experimental identity provider goes on; the responder switches it off, nobody helps',
  async play({ stack, mark, within, zeroMs, onEnd }) {
    onEnd(() => void stack.setFlag(FLAG, 'off'));
    stack.setFlag(FLAG, 'on');
    mark('flag on');
    await within('95th percentile of latency over 0.5 s', 60, async () => {
      const value = await stack.prometheus.value(P95);
      return value !== undefined && value > OBJECTIVE_SECONDS;
    });
    const { incident, alert } = await within('alert, as part of an incident', 240, async () => {
      for (const { id } of (await stack.incidents()).filter(({ status }) => status !== 'resolved')) {
        const open = await stack.incident(id);
        // An evaluation may have begun just before the flag.
        const started = open.alerts.find(
          ({ labels, startsAt, status }) =>
            status === 'firing' &&
            (labels.rule === 'storefront_latency_p95' || labels.slo === 'storefront-latency') &&
            Date.parse(startsAt) >= zeroMs() - 60_000,
        );
        if (started !== undefined) return { incident: open, alert: started };
      }
      return undefined;
    });
    await within(
      'latency SLO burns its budget too fast',
      270,
      async () => ((await stack.prometheus.value(BURN)) ?? 0) > 1,
    );
    await within('the flag is named as the root', 270, async () => {
      const [root] = (await stack.incident(incident.id)).hypotheses;
      return root?.cause === 'flag-change' && root.service === 'identity' && root.confidence >= 0.8;
    });
    await within('flag off, by the responder', 300, async () => stack.flag(FLAG) === 'off');
    await within('95th percentile of latency under 0.5 s', 360, async () => {
      const value = await stack.prometheus.value(P95);
      return value !== undefined && value < OBJECTIVE_SECONDS;
    });
    await within('action verified', 420, async () => {
      const runs = await stack.actionRuns(incident.id);
      return runs.some(({ action, state }) => action === 'identity-provider-off' && state === 'succeeded');
    });
    await within('alert resolved', 900, async () => {
      const { alerts } = await stack.incident(incident.id);
      return alerts.some(
        ({ labels, startsAt, status }) =>
          status === 'resolved' &&
          startsAt === alert.startsAt &&
          labels.rule === alert.labels.rule &&
          labels.slo === alert.labels.slo,
      );
    });
    return { incidentId: incident.id };
  },
};
