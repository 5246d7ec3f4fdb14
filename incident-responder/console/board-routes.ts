import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Incident } from '../incidents/incident.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import type { Watchdog } from '../intake/watchdog.ts';
import { onCallNow } from '../on-call/on-call-view.ts';
import type { OnCall } from '../on-call/start-on-call.ts';
import type { ActionRunStore } from '../remediation/action-run-store.ts';
import type { FiringAlerts } from '../store/firing-alerts.ts';
import type { BoardSource } from './board/board-source.ts';
import { readSpan, seriesLabels } from './graphs/graph-query.ts';
import { anomalyPage } from './pages/anomaly-page.ts';
import { homePage } from './pages/home-page.ts';
import { servicePage } from './pages/service-page.ts';
import { servicesPage } from './pages/services-page.ts';
import { sloPage } from './pages/slo-page.ts';
import type { Sessions } from './session/session-cookie.ts';
import { sessionOf } from './session/session-routes.ts';

const WAITING_COUNTED = 100;
const RESOLVED_LOOKED_AT = 30;
const INCIDENTS_SHOWN = 6;

export interface BoardRoutesOptions {
  readonly sessions: Sessions | undefined;
  readonly board: BoardSource;
  readonly incidents: IncidentStore;
  readonly runs: ActionRunStore;
  readonly firingAlerts: FiringAlerts;
  readonly watchdog: Watchdog;
  readonly onCall: Pick<OnCall, 'current'>;
  /** For links. */
  readonly grafanaUrl: string | undefined;
  readonly schoolUrl?: string | undefined;
}

/** Where one lands, and the pages of an SLO, a service and a watched series. */
export function boardRoutes(options: BoardRoutesOptions): Router {
  const { sessions, board, incidents, runs, firingAlerts, watchdog, onCall, grafanaUrl, schoolUrl } = options;
  const router = Router();
  const send = (response: Response, content: string) =>
    response.type('html').set('Cache-Control', 'no-store').send(content);
  const common = async (request: Request) => ({
    board: await board.current(),
    grafanaUrl,
    session: sessionOf(sessions, request),
  });
  const incidentsOf = (service: string | undefined): readonly Incident[] =>
    [
      ...incidents.unresolved().toReversed(),
      ...incidents.list({ status: 'resolved', limit: RESOLVED_LOOKED_AT }),
    ]
      .filter(({ services }) => service !== undefined && services.includes(service))
      .slice(0, INCIDENTS_SHOWN);

  router.get('/', async (request, response) => {
    const nowMs = Date.now();
    send(
      response,
      homePage({
        ...(await common(request)),
        unresolved: incidents.unresolved().toReversed(),
        waiting: runs.list({ state: 'proposed', limit: WAITING_COUNTED }).length,
        firingCount: firingAlerts.list(nowMs).length,
        watchdog: watchdog.state(),
        onCall: onCallNow(onCall, nowMs),
        schoolUrl,
        nowMs,
      }),
    );
  });

  router.get('/services', async (request, response) => {
    const known = await common(request);
    send(response, servicesPage(known.board, known.session));
  });

  router.get('/services/:name', async (request, response) => {
    const { name } = request.params;
    send(
      response,
      servicePage({
        ...(await common(request)),
        name,
        hours: readSpan(request.query),
        incidents: incidentsOf(name),
      }),
    );
  });

  router.get('/slos/:name', async (request, response) => {
    const { name } = request.params;
    const known = await common(request);
    const asked = z.string().max(300).safeParse(request.query.service).data;
    const slo = known.board.slos.find(
      (each) => each.name === name && (asked === undefined || each.service === asked),
    );
    const service = slo?.service ?? asked;
    send(response, sloPage({ ...known, name, slo, service, incidents: incidentsOf(service) }));
  });

  router.get('/anomalies/:rule', async (request, response) => {
    const labels = seriesLabels(request.query);
    const known = await common(request);
    send(
      response,
      anomalyPage({ ...known, rule: request.params.rule, labels, hours: readSpan(request.query) }),
    );
  });

  return router;
}
