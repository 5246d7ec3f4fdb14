import { type Response, Router } from 'express';
import type { IncidentStore } from '../incidents/incident-store.ts';
import { onCallView } from '../on-call/on-call-view.ts';
import type { OnCall } from '../on-call/start-on-call.ts';
import { html } from './html.ts';
import { page } from './layout.ts';
import { onCallPage } from './pages/on-call-page.ts';
import type { Sessions } from './session/session-cookie.ts';
import { formBody, sessionOf } from './session/session-routes.ts';

export interface OnCallRoutesOptions {
  readonly sessions: Sessions | undefined;
  readonly onCall: Pick<OnCall, 'current' | 'pages' | 'links' | 'uncovered'>;
  readonly incidents: IncidentStore;
  readonly acknowledge: (incidentId: number, by: string) => boolean;
}

/**
 * `GET /on-call`, `GET /oncall.ics`, and `/acknowledge/TOKEN` of messages: GET asks, since programs look at links before
 * people do; POST takes the incident on. The token is who one is: no login, and it is good for once.
 */
export function onCallRoutes({ sessions, onCall, incidents, acknowledge }: OnCallRoutesOptions): Router {
  const router = Router();
  const send = (response: Response, content: string) =>
    response.type('html').set('Cache-Control', 'no-store').send(content);

  router.get('/on-call', (request, response) => {
    const nowMs = Date.now();
    const { problem } = onCall.current();
    const view = onCallView(onCall, nowMs);
    send(
      response,
      onCallPage({
        view,
        problem,
        uncovered: onCall.uncovered(nowMs),
        session: sessionOf(sessions, request),
        nowMs,
      }),
    );
  });

  router.get('/oncall.ics', (_request, response) => {
    const { roster, scheduling } = onCall.current();
    if (roster === undefined || scheduling === undefined)
      return void response.status(404).json({ error: 'no on-call roster' });
    response.type('text/calendar').set('Cache-Control', 'no-store');
    response.send(scheduling.calendarOf(roster, Date.now()));
  });

  const sendOver = (response: Response) =>
    send(
      response.status(410),
      page({
        title: 'Link not valid',
        path: '/acknowledge',
        content: html`<h1>This link is not valid any more</h1><p>It is good for once, and for four hours. <a href="/incidents">Look at the incidents</a>, and log in to take one on.</p>`,
      }),
    );

  router.get('/acknowledge/:token', (request, response) => {
    const grant = onCall.links?.read(request.params.token, Date.now());
    const incident = grant && incidents.get(grant.incidentId);
    if (grant === undefined || incident === undefined) return void sendOver(response);
    const content = html`<h1>Take on #${incident.id}?</h1>
<p class="lead">${incident.severity}: ${incident.title}</p>
<form method="post" action="/acknowledge/${request.params.token}" class="stacked"><button class="primary">Yes, I, ${grant.name}, take it on</button></form>
<p><a href="/incidents/${incident.id}">Look at it first</a></p>`;
    send(response, page({ title: `Take on #${incident.id}`, path: '/acknowledge', content }));
  });

  router.post('/acknowledge/:token', formBody, (request, response) => {
    const grant = onCall.links?.use(request.params.token, Date.now());
    if (grant === undefined || !acknowledge(grant.incidentId, grant.name)) return void sendOver(response);
    response.redirect(303, `/incidents/${grant.incidentId}?notice=acknowledged`);
  });

  return router;
}
