import { NO_EVIDENCE } from '@aiops-sre/incident-responder/evidence/evidence.ts';
import { serviceDeviations } from '@aiops-sre/incident-responder/evidence/service-deviations.ts';
import type { RootCauseQuestion } from '@aiops-sre/incident-responder/incidents/root-cause.ts';
import { serviceGraph } from '@aiops-sre/incident-responder/topology/service-graph.ts';
import type { RootCase } from './case-file.ts';

/** What the responder would ask itself when an alert of the case's service had begun at `atSeconds`. */
export function rootQuestion(
  { edges, alert, series }: Omit<RootCase, 'name'>,
  atSeconds: number = alert.atSeconds,
): RootCauseQuestion {
  return {
    alerts: [{ alertname: 'Recorded', service: alert.service, labels: {}, startsAtMs: atSeconds * 1000 }],
    graph: serviceGraph(edges),
    evidence: { ...NO_EVIDENCE, deviations: serviceDeviations(series, atSeconds) },
  };
}
