import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { FindingsStore } from '../findings/findings-store.ts';
import type { ActionRunStore } from '../remediation/action-run-store.ts';
import { promqlString } from '../remediation/promql.ts';
import type { IncidentStore } from './incident-store.ts';
import { type BudgetImpact, postmortemDraft } from './postmortem.ts';
import { similarIncidents } from './similar-incidents.ts';

const MAX_SLOS = 10;

export interface PostmortemWriterOptions {
  readonly incidents: IncidentStore;
  readonly runs: ActionRunStore;
  readonly findings: FindingsStore;
  readonly prometheus: PrometheusClient;
  readonly baseUrl: string;
}

/** Writes and keeps the draft of a resolved incident; without Prometheus, without its budgets. */
export function createPostmortemWriter({
  incidents,
  runs,
  findings,
  prometheus,
  baseUrl,
}: PostmortemWriterOptions) {
  return async function writePostmortem(incidentId: number): Promise<void> {
    const incident = incidents.get(incidentId);
    if (incident?.resolvedAtMs == null) return;
    const alerts = incidents.alerts(incidentId, 1000);
    const slos = [...new Set(alerts.map(({ labels }) => labels.slo ?? 'none'))].filter(
      (slo) => slo !== 'none',
    );
    const budgets = await Promise.all(
      slos.slice(0, MAX_SLOS).map((slo) => impactOn(slo, incident.startedAtMs, incident.resolvedAtMs!)),
    );
    incidents.setPostmortem(
      incidentId,
      postmortemDraft({
        incident,
        alerts,
        timeline: incidents.timeline(incidentId),
        runs: runs.list({ incidentId, limit: 200 }).reverse(),
        budgets,
        findings: findings.get(incidentId),
        similar: similarIncidents(incident, { incidents, runs, findings }),
        baseUrl,
      }),
    );
  };

  async function impactOn(slo: string, startedAtMs: number, resolvedAtMs: number): Promise<BudgetImpact> {
    const left = async (atMs: number) => {
      const selector = `${SERIES.budgetRemaining}{slo=${promqlString(slo)}}`;
      const samples = await prometheus
        .query(`max(${selector} @ ${(atMs / 1000).toFixed(3)})`)
        .catch(() => []);
      return samples[0]?.value ?? null;
    };
    const [before, after] = await Promise.all([left(startedAtMs), left(resolvedAtMs)]);
    return { slo, before, after };
  }
}
