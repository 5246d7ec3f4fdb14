/** An alert as the detector means it, before it is put on the wire. Times are Unix seconds of samples. */
export type Alert = {
  /** Its identity: nothing in here may change while the alert lasts. */
  readonly labels: Readonly<Record<string, string>>;
  /** Numbers and words, free to change from one sending to the next. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAtSeconds: number;
  /** undefined while it lasts. */
  readonly endedAtSeconds: number | undefined;
};

/** An element of the body of POST /api/v2/alerts. @see https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
export type PostableAlert = {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
};

/** A lasting alert is sent again this often, and a resolved one for this long after its end. */
export const RESEND_SECONDS = 60;
export const RESEND_RESOLVED_SECONDS = 300;
/** How long Alertmanager keeps an alert of a detector that has gone silent: four sendings may be lost. */
const LEASE_SECONDS = 240;

/** True while Alertmanager still has to hear of the alert. */
export function isDue(alert: Alert, nowSeconds: number): boolean {
  return alert.endedAtSeconds === undefined || nowSeconds < alert.endedAtSeconds + RESEND_RESOLVED_SECONDS;
}

/**
 * The alert on the wire. A lasting one gets an end four to five minutes ahead, on a full minute, so that detectors
 * which send at about the same time send the same. `labels` are those that the alert does not have.
 */
export function toPostable(
  alert: Alert,
  nowSeconds: number,
  labels: Readonly<Record<string, string>> = {},
): PostableAlert {
  const leaseEnds = Math.ceil((nowSeconds + LEASE_SECONDS) / 60) * 60;
  return {
    labels: { ...labels, ...alert.labels },
    annotations: alert.annotations,
    startsAt: new Date(alert.startsAtSeconds * 1000).toISOString(),
    endsAt: new Date((alert.endedAtSeconds ?? leaseEnds) * 1000).toISOString(),
  };
}

/** Changes exactly when Alertmanager has to be told at once rather than at the next resend. */
export function stateOf(alerts: readonly Alert[]): string {
  return alerts
    .map(({ labels, endedAtSeconds }) => `${JSON.stringify(labels)} ${endedAtSeconds ?? 'lasts'}`)
    .sort()
    .join('\n');
}
