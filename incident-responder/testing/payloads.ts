/** An alert as Alertmanager's webhook has it, firing unless `overrides` says otherwise. */
export function alertPayload(
  overrides: {
    readonly alertname?: string;
    readonly status?: 'firing' | 'resolved';
    readonly startsAt?: string;
    readonly fingerprint?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  } = {},
) {
  const { alertname = 'ErrorBudgetBurn', status = 'firing', fingerprint = 'a1b2c3' } = overrides;
  return {
    status,
    labels: { alertname, severity: 'page', service: 'storefront', slo: 'availability', ...overrides.labels },
    annotations: { summary: 'Errors burn the budget', ...overrides.annotations },
    startsAt: overrides.startsAt ?? '2026-03-01T10:00:00.123456789Z',
    endsAt: status === 'resolved' ? '2026-03-01T11:00:00Z' : '0001-01-01T00:00:00Z',
    generatorURL: 'http://127.0.0.1:9090/graph',
    fingerprint,
  };
}

/** A version 4 message about `alerts`; its status is firing if one of them is. */
export function webhookPayload(
  alerts: readonly ReturnType<typeof alertPayload>[] = [alertPayload()],
  overrides: Record<string, unknown> = {},
) {
  return {
    version: '4',
    groupKey: '{}/{severity="page"}:{service="storefront", slo="availability"}',
    truncatedAlerts: 0,
    receiver: 'page',
    status: alerts.some((alert) => alert.status === 'firing') ? 'firing' : 'resolved',
    groupLabels: { service: 'storefront', slo: 'availability' },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://127.0.0.1:9093',
    alerts,
    ...overrides,
  };
}

export function watchdogPayload() {
  return webhookPayload([alertPayload({ alertname: 'Watchdog', fingerprint: 'd09' })], {
    receiver: 'watchdog',
    groupKey: '{}/{alertname="Watchdog"}:{alertname="Watchdog"}',
  });
}
