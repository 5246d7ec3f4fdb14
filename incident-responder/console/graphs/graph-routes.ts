import { Router } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { IncidentStore } from '../../incidents/incident-store.ts';
import type { IncidentGraphs } from './graph.ts';
import { incidentGraphs, type RangeReader } from './incident-graphs.ts';

const KEPT_MS = 5000;
const MAX_KEPT = 50;
const ALERTS_READ = 200;

export interface GraphRoutesOptions {
  readonly incidents: IncidentStore;
  /** Undefined: there are no graphs. */
  readonly prometheus: RangeReader | undefined;
  readonly log: Logger;
}

/**
 * `GET /incidents/ID/graphs`: series that an incident involves. Which ones is decided here: no query comes from a
 * browser. However many pages ask, Prometheus is asked once in five seconds for an incident.
 */
export function graphRoutes({ incidents, prometheus, log }: GraphRoutesOptions): Router {
  const router = Router();
  const kept = new Map<number, { readonly atMs: number; readonly graphs: Promise<IncidentGraphs> }>();

  router.get('/incidents/:id/graphs', async (request, response) => {
    const id = z.coerce.number().int().positive().safeParse(request.params.id).data;
    const incident = id === undefined ? undefined : incidents.get(id);
    if (incident === undefined) return void response.status(404).json({ error: 'no such incident' });
    if (prometheus === undefined)
      return void response.status(503).json({ error: 'no Prometheus is configured: set PROMETHEUS_URL' });
    const nowMs = Date.now();
    let entry = kept.get(incident.id);
    if (entry === undefined || nowMs - entry.atMs > KEPT_MS) {
      const alerts = incidents.alerts(incident.id, ALERTS_READ);
      entry = { atMs: nowMs, graphs: incidentGraphs({ prometheus, incident, alerts, nowMs }) };
      kept.delete(incident.id);
      kept.set(incident.id, entry);
      if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value as number);
    }
    try {
      response.set('Cache-Control', 'no-store').json(await entry.graphs);
    } catch (error) {
      kept.delete(incident.id);
      log.warn({ err: error, incident: incident.id }, 'graphs cannot be read');
      response.status(502).json({ error: 'Prometheus does not answer' });
    }
  });
  return router;
}
