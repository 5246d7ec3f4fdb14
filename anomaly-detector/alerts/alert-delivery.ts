import { CLUSTER_LABEL } from '@aiops-sre/conventions/alerts.ts';
import type { AlertmanagerClient } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import { type Alert, isDue, RESEND_SECONDS, stateOf, toPostable } from './alert.ts';

/** A replica that failed is tried again after this long, not only at the next resend. */
const RETRY_SECONDS = 5;

type DeliveryOutcome = {
  readonly url: string;
  readonly alerts: number;
  readonly error: Error | undefined;
};

export type AlertDelivery = {
  /**
   * Sends what is due of `alerts`, all there are, to every replica whose turn it is: at once after a change, every minute while alerts last, soon
   * again after a failure. A replica that fails or hangs holds up no other. Never rejects.
   */
  deliver(alerts: readonly Alert[], nowSeconds: number): Promise<readonly DeliveryOutcome[]>;
};

/**
 * Keeps Alertmanager's view equal to the detector's. It remembers nothing that matters: after a restart the same alerts go
 * out again with the same labels and start, which Alertmanager takes as the ones it has.
 */
export function createAlertDelivery(options: {
  replicas: readonly AlertmanagerClient[];
  /** The cluster that the detector is in, where several have one Alertmanager. */
  cluster?: string | undefined;
}): AlertDelivery {
  const labels = options.cluster === undefined ? {} : { [CLUSTER_LABEL]: options.cluster };
  const replicas = options.replicas.map((client) => ({ client, busy: false, nextAt: 0, sentState: '' }));
  return {
    async deliver(alerts, nowSeconds) {
      const due = alerts.filter((alert) => isDue(alert, nowSeconds));
      const state = stateOf(due);
      const postable = due.map((alert) => toPostable(alert, nowSeconds, labels));
      const turns = replicas.filter(
        (replica) => !replica.busy && (nowSeconds >= replica.nextAt || state !== replica.sentState),
      );
      const outcomes = await Promise.all(
        turns.map(async (replica): Promise<DeliveryOutcome | undefined> => {
          const { client } = replica;
          if (postable.length === 0) {
            replica.sentState = state;
            return undefined;
          }
          replica.busy = true;
          try {
            await client.post(postable);
            replica.sentState = state;
            replica.nextAt = nextFullMinute(nowSeconds);
            return { url: client.url, alerts: postable.length, error: undefined };
          } catch (error) {
            // Not a change any more, or a replica that is down would be tried at every call.
            replica.sentState = state;
            replica.nextAt = nowSeconds + RETRY_SECONDS;
            return { url: client.url, alerts: postable.length, error: error as Error };
          } finally {
            replica.busy = false;
          }
        }),
      );
      return outcomes.filter((outcome) => outcome !== undefined);
    },
  };
}

function nextFullMinute(nowSeconds: number): number {
  return (Math.floor(nowSeconds / RESEND_SECONDS) + 1) * RESEND_SECONDS;
}
