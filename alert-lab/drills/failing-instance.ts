import type { Drill } from './drill.ts';

const INSTANCE = 'fulfillment-1';
const FAILED = `sum(rate(fulfillment_document_requests_count_total{instance="${INSTANCE}",document_status="failed"}[1m])) / sum(rate(fulfillment_document_requests_count_total{instance="${INSTANCE}"}[1m]))`;

export const failingInstance: Drill = {
  name: 'failing-instance',
  description: 'one of four instances fails every document; the responder restarts it, nobody helps',
  async play({ stack, mark, within, zeroMs, onEnd }) {
    onEnd(() => stack.clearFaults(INSTANCE));
    await stack.setFaults(INSTANCE, { errorRatio: 1, durationSeconds: 1800 });
    mark(`every document fails at ${INSTANCE}`);
    const started = (await stack.supervisor.processes())?.find(({ name }) => name === INSTANCE)?.startedAtMs;
    const incident = await within('incident of fulfillment', 420, async () => {
      for (const { id, lastAlertAt } of (await stack.incidents()).filter(
        ({ status }) => status !== 'resolved',
      )) {
        if (Date.parse(lastAlertAt) < zeroMs() - 60_000) continue;
        const open = await stack.incident(id);
        if (open.alerts.some(({ labels, status }) => labels.service === 'fulfillment' && status === 'firing'))
          return open;
      }
      return undefined;
    });
    await within('the instance is named as the root', 480, async () => {
      const [root] = (await stack.incident(incident.id)).hypotheses;
      return root?.cause === 'instance' && root.instance === INSTANCE && root.confidence >= 0.8;
    });
    await within('restarted, by the responder', 540, async () => {
      const now = (await stack.supervisor.processes())?.find(({ name }) => name === INSTANCE);
      return now?.startedAtMs !== undefined && now.startedAtMs !== started;
    });
    await within('no document fails there', 720, async () => (await stack.prometheus.value(FAILED)) === 0);
    await within('action verified', 780, async () => {
      const runs = await stack.actionRuns(incident.id);
      return runs.some(({ action, state }) => action === 'restart-failing-instance' && state === 'succeeded');
    });
    await within(
      'incident resolved',
      1500,
      async () => (await stack.incident(incident.id)).status === 'resolved',
    );
    await within('postmortem drafted', 1530, async () => (await stack.postmortem(incident.id)) !== undefined);
    return { incidentId: incident.id };
  },
};
