import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { AnalysisStore } from '../analysis/analysis-store.ts';
import { readQuery } from '../http/page-query.ts';
import type { ServiceGraph } from '../topology/service-graph.ts';
import { type ScorecardFacts, scorecard } from './scorecard.ts';

const DAY_MS = 86_400_000;
const querySchema = z.strictObject({ days: z.coerce.number().int().min(1).max(35).default(7) });

export interface ScorecardRoutesOptions {
  readonly facts: (sinceMs: number) => ScorecardFacts;
  readonly analyses: AnalysisStore;
  readonly graph: () => ServiceGraph;
  readonly prometheus: PrometheusClient;
  readonly now?: () => number;
}

/** `GET /scorecard`: how well incidents of the last `days` (7) were found and dealt with. */
export function scorecardRoutes(options: ScorecardRoutesOptions): Router {
  const { facts, analyses, now = Date.now } = options;
  const router = Router();
  router.get('/scorecard', async (request, response) => {
    const query = readQuery(querySchema, request, response);
    if (query === undefined) return;
    const untilMs = now();
    const sinceMs = untilMs - query.days * DAY_MS;
    const { tokens, dollars } = analyses.spentSince(sinceMs);
    response.json({
      from: new Date(sinceMs).toISOString(),
      until: new Date(untilMs).toISOString(),
      days: query.days,
      ...scorecard(facts(sinceMs)),
      coverage: await coverage(options),
      analysis: { tokens, dollars },
    });
  });
  return router;
}

/** Of the services that are known by calls, spans or SLOs: which send spans, which have an SLO. null without Prometheus. */
async function coverage({ graph, prometheus }: ScorecardRoutesOptions) {
  const names = async (label: string, query: string) =>
    (await prometheus.query(query)).flatMap(({ labels }) => labels[label] || []);
  try {
    const [traced, withSlo] = await Promise.all([
      names('service_name', `group by (service_name) (${METRICS.serviceCalls})`),
      names('service', `group by (service) (${SERIES.objective})`),
    ]);
    const called = graph().edges.flatMap(({ client, server }) => [client, server]);
    const services = new Set([...called, ...traced, ...withSlo]);
    const missing = (some: readonly string[]) => [...services].filter((each) => !some.includes(each)).sort();
    return { services: services.size, withoutTraces: missing(traced), withoutSlo: missing(withSlo) };
  } catch {
    return null;
  }
}
