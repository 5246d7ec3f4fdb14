import { type Response, Router } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { IncidentStore } from '../../incidents/incident-store.ts';
import { anomalyGraphs } from './anomaly-graphs.ts';
import type { IncidentGraphs } from './graph.ts';
import { readSpan, seriesLabels } from './graph-query.ts';
import { incidentGraphs, type RangeReader } from './incident-graphs.ts';
import { serviceGraphs } from './service-graphs.ts';
import { sloGraphs } from './slo-graphs.ts';

const KEPT_MS = 5000;
const MAX_KEPT = 50;
const ALERTS_READ = 200;

export interface GraphRoutesOptions {
  readonly incidents: IncidentStore;
  /** Undefined: there are no graphs. */
  readonly prometheus: RangeReader | undefined;
  /** For links. */
  readonly grafanaUrl?: string | undefined;
  readonly log: Logger;
}

/**
 * `GET /incidents/ID/graphs`, `/slos/NAME/graphs`, `/services/NAME/graphs` and `/anomalies/RULE/graphs`. What is asked of
 * Prometheus is decided here: no query comes from a browser, names alone do. However many pages ask, Prometheus is
 * asked once in five seconds for each.
 */
export function graphRoutes({ incidents, prometheus, grafanaUrl, log }: GraphRoutesOptions): Router {
  const router = Router();
  const kept = new Map<string, { readonly atMs: number; readonly graphs: Promise<IncidentGraphs> }>();

  async function answer(
    response: Response,
    key: string,
    read: (prometheus: RangeReader, nowMs: number) => Promise<IncidentGraphs>,
  ): Promise<void> {
    if (prometheus === undefined)
      return void response.status(503).json({ error: 'no Prometheus is configured: set PROMETHEUS_URL' });
    const nowMs = Date.now();
    let entry = kept.get(key);
    if (entry === undefined || nowMs - entry.atMs > KEPT_MS) {
      entry = { atMs: nowMs, graphs: read(prometheus, nowMs) };
      kept.delete(key);
      kept.set(key, entry);
      if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value as string);
    }
    try {
      response.set('Cache-Control', 'no-store').json(await entry.graphs);
    } catch (error) {
      kept.delete(key);
      log.warn({ err: error, graphs: key.slice(0, 200) }, 'graphs cannot be read');
      response.status(502).json({ error: 'Prometheus does not answer' });
    }
  }

  router.get('/incidents/:id/graphs', async (request, response) => {
    const id = z.coerce.number().int().positive().safeParse(request.params.id).data;
    const incident = id === undefined ? undefined : incidents.get(id);
    if (incident === undefined) return void response.status(404).json({ error: 'no such incident' });
    await answer(response, request.path, (reader, nowMs) =>
      incidentGraphs({
        prometheus: reader,
        incident,
        alerts: incidents.alerts(incident.id, ALERTS_READ),
        grafanaUrl,
        nowMs,
      }),
    );
  });

  router.get('/slos/:name/graphs', async (request, response) => {
    const service = z.string().max(300).safeParse(request.query.service).data;
    await answer(response, request.url, (reader, nowMs) =>
      sloGraphs({ prometheus: reader, name: request.params.name, service, nowMs }),
    );
  });

  router.get('/services/:name/graphs', async (request, response) => {
    const hours = readSpan(request.query);
    await answer(response, `${request.path}?${hours}`, (reader, nowMs) =>
      serviceGraphs({ prometheus: reader, service: request.params.name, hours, nowMs }),
    );
  });

  router.get('/anomalies/:rule/graphs', async (request, response) => {
    const [hours, labels] = [readSpan(request.query), seriesLabels(request.query)];
    await answer(response, request.url, (reader, nowMs) =>
      anomalyGraphs({ prometheus: reader, rule: request.params.rule, labels, hours, nowMs }),
    );
  });
  return router;
}
