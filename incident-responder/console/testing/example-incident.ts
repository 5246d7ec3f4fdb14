import type { AuditLog } from '../../audit/audit-log.ts';
import type { Findings } from '../../findings/findings.ts';
import type { FindingsStore } from '../../findings/findings-store.ts';
import type { IncidentAlert } from '../../incidents/incident.ts';
import type { IncidentStore } from '../../incidents/incident-store.ts';
import type { ActionRun } from '../../remediation/action.ts';
import type { ActionRunStore } from '../../remediation/action-run-store.ts';

export interface ExampleStores {
  readonly incidents: IncidentStore;
  readonly findings: FindingsStore;
  readonly runs: ActionRunStore;
  readonly auditLog: AuditLog;
}

/** Text as somebody might send it who wants it to be more than text. */
export const HOSTILE_TEXT = '<img src=x onerror="alert(1)">';

/** An incident as the slow identity provider makes it, with an action that waits for approval. */
export function addExampleIncident(
  { incidents, findings, runs, auditLog }: ExampleStores,
  { nowMs, hostile = false }: { readonly nowMs: number; readonly hostile?: boolean },
): { readonly incidentId: number; readonly runId: number } {
  const startedAtMs = nowMs - 252_000;
  const at = (seconds: number) => startedAtMs + seconds * 1000;
  const text = hostile ? HOSTILE_TEXT : '';
  const incidentId = incidents.open({
    title: `Latency of storefront burns the error budget${text}`,
    severity: 'SEV2',
    status: 'open',
    startedAtMs,
    detectedAtMs: at(14),
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    mitigatedAtMs: null,
    resolvedAtMs: null,
    lastAlertAtMs: at(75),
    services: ['storefront', `identity${text}`],
    hypotheses: [
      {
        cause: 'flag-change',
        service: 'identity',
        instance: null,
        flag: 'experimental-identity-provider',
        summary: `Flag experimental-identity-provider was switched on and identity got slow${text}`,
        confidence: 0.91,
        reasons: [
          { kind: 'flag', text: 'The flag went from off to on 41 s before the first alert', weight: 2.1 },
          {
            kind: 'topology',
            text: 'storefront calls identity at every request; identity calls nobody',
            weight: 1.4,
          },
          {
            kind: 'anomaly',
            text: 'identity answers 4.8 times slower than in the hour before (score 0.97)',
            weight: 1.1,
          },
          { kind: 'deploy', text: 'No deploy of identity in the last two hours', weight: -0.2 },
        ],
      },
      {
        cause: 'service',
        service: 'storefront',
        instance: null,
        flag: null,
        summary: 'storefront itself got slow',
        confidence: 0.06,
        reasons: [{ kind: 'onset', text: 'Its alert came first', weight: 0.4 }],
      },
    ],
  });
  findings.put(incidentId, exampleFindings(startedAtMs, text));
  const alert = (
    fingerprint: string,
    alertname: string,
    more: Partial<IncidentAlert> = {},
  ): IncidentAlert => {
    const service = more.service ?? 'storefront';
    return {
      fingerprint,
      alertname,
      service,
      severity: 'page',
      source: 'alertmanager',
      labels: { alertname, service, slo: 'storefront-latency', severity: 'page', ...more.labels },
      annotations: {
        summary: `Requests slower than 0.5 s burn the budget 19 times too fast${text}`,
        runbook_url: hostile ? 'javascript:alert(1)' : 'http://127.0.0.1:8091/runbooks/ErrorBudgetBurn',
        dashboard_url: 'http://127.0.0.1:3001/d/slo-overview',
      },
      status: 'firing',
      startsAtMs: startedAtMs,
      endsAtMs: null,
      receivedAtMs: at(14),
      role: 'root',
      ...more,
    };
  };
  incidents.putAlert(
    incidentId,
    alert('a1', 'Anomaly', {
      service: 'identity',
      annotations: { summary: 'Latency of identity is far above what is expected' },
    }),
  );
  incidents.putAlert(incidentId, alert('a2', 'ErrorBudgetBurn', { role: 'symptom', startsAtMs: at(60) }));
  incidents.putAlert(
    incidentId,
    alert('a3', 'ErrorBudgetSlowBurn', {
      role: 'symptom',
      startsAtMs: at(75),
      status: 'resolved',
      endsAtMs: at(140),
    }),
  );
  const timeline = [
    [-41, 'change-seen', 'Flag experimental-identity-provider: off to on'],
    [0, 'alert-fired', `Anomaly of identity: latency far above what is expected${text}`],
    [14, 'opened', 'Opened as SEV3'],
    [60, 'alert-fired', 'ErrorBudgetBurn of storefront-latency'],
    [61, 'severity-changed', 'SEV3 to SEV2: a page joined'],
    [62, 'root-changed', 'Probable root: flag experimental-identity-provider, 91 %'],
    [63, 'action', 'Switch the identity provider back: waits for approval'],
  ] as const;
  for (const [seconds, kind, entry] of timeline)
    incidents.addToTimeline(incidentId, { atMs: at(seconds), kind, text: entry });
  const run = runs.add(
    exampleRun({
      incidentId,
      createdAtMs: at(63),
      command: `set flag experimental-identity-provider to off${text}`,
    }),
  );
  auditLog.append({
    atMs: at(63),
    actor: 'responder',
    event: 'action.proposed',
    incidentId,
    actionRunId: run.id,
    detail: { action: run.action, confidence: 0.91, note: text },
  });
  return { incidentId, runId: run.id };
}

function exampleRun(
  overrides: Partial<ActionRun> & Pick<ActionRun, 'incidentId' | 'createdAtMs'>,
): Omit<ActionRun, 'id'> {
  return {
    action: 'identity-provider-off',
    title: 'Switch the identity provider back',
    class: 'REQUIRES_APPROVAL',
    mode: 'live',
    state: 'proposed',
    reason: 'The probable root is a flag of identity, 91 % sure; the action needs 80 %',
    confidence: 0.91,
    parameters: { flag: 'experimental-identity-provider' },
    command: 'set flag experimental-identity-provider to off',
    verification: { query: 'slo:sli_error:ratio_rate5m{slo="storefront-latency"} < 0.05', outcome: null },
    approvals: [],
    dueAtMs: null,
    startedAtMs: null,
    endedAtMs: null,
    ...overrides,
  };
}

function exampleFindings(startedAtMs: number, text: string): Findings {
  const line = (service: string, name: string, depth: number, startMs: number, durationMs: number) => ({
    service,
    name: `${name}${text}`,
    depth,
    startMs,
    durationMs,
    failed: false,
    delayedMs: service === 'identity' ? durationMs : 4,
  });
  return {
    atMs: startedAtMs + 60_000,
    service: 'storefront',
    fromMs: startedAtMs - 600_000,
    untilMs: startedAtMs + 60_000,
    failing: null,
    slow: {
      counted: { bad: 412, all: 1650 },
      compared: 30,
      inCommon: [
        {
          service: 'identity',
          attribute: 'feature_flag.experimental-identity-provider',
          value: `on${text}`,
          shareOfBad: 1,
          shareOfRest: 0.02,
        },
      ],
      firstErrors: [],
      timeSpent: [{ place: 'identity GET /api/session', service: 'identity', share: 0.97 }],
      patterns: [],
      example: {
        traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
        lines: [
          line('storefront', 'POST /api/orders', 0, 0, 1020),
          line('storefront', 'GET', 1, 8, 1004),
          line('identity', 'GET /api/session', 2, 9, 1001),
        ],
      },
    },
    templates: [
      {
        service: 'identity',
        level: 'warn',
        template: `provider answered after <*> ms${text}`,
        change: 'new',
        lines: 412,
        before: 0,
        traceId: null,
      },
    ],
    users: { users: 87, atLeast: true },
    missing: [],
  };
}
