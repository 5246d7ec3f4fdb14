import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { AnalysisStore } from '../analysis/analysis-store.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { ChainVerdict } from '../audit/hash-chain.ts';
import type { FindingsStore } from '../findings/findings-store.ts';
import { pageOf } from '../http/page-query.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import type { PostmortemDesk } from '../incidents/postmortem-desk.ts';
import { similarIncidents } from '../incidents/similar-incidents.ts';
import type { Watchdog } from '../intake/watchdog.ts';
import type { OnCall } from '../on-call/start-on-call.ts';
import type { ActionRunStore } from '../remediation/action-run-store.ts';
import type { FiringAlerts } from '../store/firing-alerts.ts';
import type { NotificationStore } from '../store/notification-store.ts';
import type { ServiceGraph } from '../topology/service-graph.ts';
import { html } from './html.ts';
import { page } from './layout.ts';
import { renderMarkdown } from './markdown.ts';
import { actionsPage } from './pages/actions-page.ts';
import { auditPage } from './pages/audit-page.ts';
import { incidentPage } from './pages/incident-page.ts';
import { incidentsPage } from './pages/incidents-page.ts';
import { notificationsPage } from './pages/notifications-page.ts';
import { postmortemPage } from './pages/postmortem-page.ts';
import { postmortemsPage } from './pages/postmortems-page.ts';
import { readRunbook, runbookNames } from './runbooks.ts';
import type { Sessions } from './session/session-cookie.ts';
import { sessionOf } from './session/session-routes.ts';

const NOTIFICATIONS_SHOWN = 30;
const RESOLVED_SHOWN = 30;
const PROPOSED_SHOWN = 20;
const ROWS_SHOWN = 50;
const ALERTS_READ = 1000;
/** Checking every hash takes a moment; pages that follow what happens ask often. */
const VERDICT_MS = 10_000;

export interface PageRoutesOptions {
  readonly sessions: Sessions | undefined;
  readonly incidents: IncidentStore;
  readonly analyses: AnalysisStore;
  readonly findings: FindingsStore;
  /** For links. */
  readonly grafanaUrl: string | undefined;
  readonly graph: () => ServiceGraph;
  readonly runs: ActionRunStore;
  readonly auditLog: AuditLog;
  readonly notifications: NotificationStore;
  readonly firingAlerts: FiringAlerts;
  readonly watchdog: Watchdog;
  readonly runbooksDir: string;
  readonly postmortems: PostmortemDesk;
  readonly onCall: Pick<OnCall, 'current'>;
}

const idOf = (value: unknown) => z.coerce.number().int().positive().safeParse(value).data;
const noticeIn = (request: Request) => z.string().safeParse(request.query.notice).data;

/** Every page that can be read; reading needs no session. */
export function pageRoutes(options: PageRoutesOptions): Router {
  const {
    sessions,
    incidents,
    analyses,
    findings,
    grafanaUrl,
    graph,
    runs,
    auditLog,
    notifications,
    firingAlerts,
    watchdog,
    runbooksDir,
    postmortems,
    onCall,
  } = options;
  const router = Router();
  const send = (response: Response, content: string) =>
    response.type('html').set('Cache-Control', 'no-store').send(content);
  const sendMissing = (request: Request, response: Response, what: string, up: string) => {
    const title = `No such ${what}`;
    const session = sessionOf(sessions, request);
    const content = html`<h1>${title}</h1><p><a href="${up}">All of them</a></p>`;
    send(response.status(404), page({ title, path: up, content, session }));
  };

  router.get('/incidents', (request, response) => {
    const nowMs = Date.now();
    send(
      response,
      incidentsPage({
        unresolved: incidents.unresolved().toReversed(),
        resolved: incidents.list({ status: 'resolved', limit: RESOLVED_SHOWN }),
        proposed: runs.list({ state: 'proposed', limit: PROPOSED_SHOWN }).toReversed(),
        firingCount: firingAlerts.list(nowMs).length,
        watchdog: watchdog.state(),
        session: sessionOf(sessions, request),
        notice: noticeIn(request),
        nowMs,
      }),
    );
  });

  router.get('/incidents/:id', (request, response) => {
    const id = idOf(request.params.id);
    const incident = id === undefined ? undefined : incidents.get(id);
    if (incident === undefined) return void sendMissing(request, response, 'incident', '/incidents');
    const { roster } = onCall.current();
    send(
      response,
      incidentPage({
        incident,
        alerts: incidents.alerts(incident.id, ALERTS_READ),
        timeline: incidents.timeline(incident.id),
        runs: runs.list({ incidentId: incident.id, limit: ROWS_SHOWN }),
        analysis: analyses.answerOf(incident.id),
        findings: findings.get(incident.id),
        graph: graph(),
        similar: similarIncidents(incident, { incidents, runs, findings }),
        grafanaUrl,
        hasPostmortem: incidents.postmortem(incident.id) !== undefined,
        people: Object.values(roster?.people ?? {}).map(({ name }) => name),
        statusReceivers: Object.keys(roster?.status ?? {}),
        template: z.string().safeParse(request.query.template).data,
        session: sessionOf(sessions, request),
        notice: noticeIn(request),
        nowMs: Date.now(),
      }),
    );
  });

  router.get('/incidents/:id/postmortem', async (request, response) => {
    const id = idOf(request.params.id);
    const postmortem = id === undefined ? undefined : postmortems.read(id);
    if (id === undefined || postmortem === undefined)
      return void sendMissing(request, response, 'postmortem', '/incidents');
    const incident = incidents.get(id);
    send(
      response,
      postmortemPage({
        postmortem,
        rendered: await renderMarkdown(postmortem.markdown),
        actions: postmortems.store.actions(id),
        similar: incident === undefined ? [] : similarIncidents(incident, { incidents, runs, findings }),
        session: sessionOf(sessions, request),
        notice: noticeIn(request),
        nowMs: Date.now(),
      }),
    );
  });

  router.get('/postmortems', (request, response) => {
    const { store } = postmortems;
    const session = sessionOf(sessions, request);
    send(response, postmortemsPage(store.openActions(), store.list(ROWS_SHOWN), session, Date.now()));
  });

  router.get('/actions', (request, response) => {
    const found = runs.list({ before: idOf(request.query.before), limit: ROWS_SHOWN + 1 });
    const { items, next } = pageOf(found, ROWS_SHOWN, ({ id }) => id);
    const session = sessionOf(sessions, request);
    send(
      response,
      actionsPage({ runs: items, before: next, session, notice: noticeIn(request), nowMs: Date.now() }),
    );
  });

  let verdict: ChainVerdict | undefined;
  let verifiedAtMs = 0;
  router.get('/audit', (request, response) => {
    if (verdict === undefined || Date.now() - verifiedAtMs > VERDICT_MS) {
      verdict = auditLog.verify();
      verifiedAtMs = Date.now();
    }
    const incidentId = idOf(request.query.incident);
    const found = auditLog.list({ before: idOf(request.query.before), incidentId, limit: ROWS_SHOWN + 1 });
    const { items, next } = pageOf(found, ROWS_SHOWN, ({ sequence }) => sequence);
    const session = sessionOf(sessions, request);
    send(response, auditPage({ entries: items, verdict, incidentId, before: next, session }));
  });

  router.get('/notifications', (request, response) => {
    send(
      response,
      notificationsPage({
        notifications: notifications.list({ limit: NOTIFICATIONS_SHOWN }),
        firingCount: firingAlerts.list(Date.now()).length,
        watchdog: watchdog.state(),
        session: sessionOf(sessions, request),
      }),
    );
  });

  router.get('/runbooks', async (request, response) => {
    const names = await runbookNames(runbooksDir);
    const items = names.map((name) => html`<li><a href="/runbooks/${name}">${name}</a></li>`);
    const content = html`<h1>Runbooks</h1><ul class="list">${items}</ul>`;
    send(
      response,
      page({ title: 'Runbooks', path: '/runbooks', content, session: sessionOf(sessions, request) }),
    );
  });

  // Runbooks link to each other as files, NAME.md, so that the links work in an editor too.
  router.get('/runbooks/:name', async (request, response) => {
    const name = request.params.name.replace(/\.md$/, '');
    const markdown = await readRunbook(runbooksDir, name);
    if (markdown === undefined) return void sendMissing(request, response, 'runbook', '/runbooks');
    const content = html`<article class="document">${await renderMarkdown(markdown)}</article>`;
    send(
      response,
      page({ title: `${name} runbook`, path: '/runbooks', content, session: sessionOf(sessions, request) }),
    );
  });

  return router;
}
