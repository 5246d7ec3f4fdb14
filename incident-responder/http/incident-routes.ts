import { json, Router } from 'express';
import { z } from 'zod';
import type { FindingsStore } from '../findings/findings-store.ts';
import {
  INCIDENT_STATUSES,
  ROOT_VERDICTS,
  VERDICT_SOURCES,
  type VerdictSource,
} from '../incidents/incident.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import type { JudgeRoot } from '../incidents/judge-root.ts';
import { similarIncidents } from '../incidents/similar-incidents.ts';
import type { ActionRunStore } from '../remediation/action-run-store.ts';
import {
  actionRunJson,
  findingsJson,
  incidentAlertJson,
  incidentJson,
  similarIncidentJson,
  timelineEntryJson,
} from './json-view.ts';
import { type Authenticate, type Operator, requireOperator } from './operator.ts';
import { pageOf, pageQuery, readQuery } from './page-query.ts';

const querySchema = z.strictObject({ ...pageQuery, status: z.enum(INCIDENT_STATUSES).optional() });
const verdictSchema = z.strictObject({
  verdict: z.enum(ROOT_VERDICTS),
  source: z.enum(VERDICT_SOURCES).default('people'),
});
const idSchema = z.coerce.number().int().positive();

export interface IncidentRoutesOptions {
  readonly incidents: IncidentStore;
  readonly runs: ActionRunStore;
  readonly findings: FindingsStore;
  readonly authenticate: Authenticate;
  /** @returns false if the incident is not there */
  readonly acknowledge: (incidentId: number, by: string) => boolean;
  readonly judgeRoot: JudgeRoot;
  /** Markdown, as people left it, or else the draft. */
  readonly postmortem: (incidentId: number) => string | undefined;
}

/**
 * `GET /incidents`, newest first; `GET /incidents/ID` with alerts, timeline and action runs;
 * `GET /incidents/ID/postmortem`, Markdown; `POST /incidents/ID/acknowledge`, and
 * `POST /incidents/ID/verdict` {verdict: right | wrong | false-alarm, source: people | drill} on its probable root, by an operator.
 */
export function incidentRoutes({
  incidents,
  runs,
  findings,
  authenticate,
  acknowledge,
  judgeRoot,
  postmortem,
}: IncidentRoutesOptions): Router {
  const router = Router();

  router.get('/incidents', (request, response) => {
    const query = readQuery(querySchema, request, response);
    if (query === undefined) return;
    const { items, next } = pageOf(
      incidents.list({ ...query, limit: query.limit + 1 }),
      query.limit,
      ({ id }) => id,
    );
    response.json({ incidents: items.map(incidentJson), next });
  });

  router.get('/incidents/:id', (request, response) => {
    const id = idSchema.safeParse(request.params.id);
    const incident = id.success ? incidents.get(id.data) : undefined;
    if (incident === undefined) {
      response.status(404).json({ error: 'no such incident' });
      return;
    }
    response.json({
      incident: {
        ...incidentJson(incident),
        alerts: incidents.alerts(incident.id, 1000).map(incidentAlertJson),
        timeline: incidents.timeline(incident.id).map(timelineEntryJson),
        findings: findingsJson(findings.get(incident.id)),
        similar: similarIncidents(incident, { incidents, runs, findings }).map(similarIncidentJson),
        actions: runs.list({ incidentId: incident.id, limit: 200 }).map(actionRunJson),
        hasPostmortem: incidents.postmortem(incident.id) !== undefined,
      },
    });
  });

  router.get('/incidents/:id/postmortem', (request, response) => {
    const id = idSchema.safeParse(request.params.id);
    const markdown = id.success ? postmortem(id.data) : undefined;
    if (markdown === undefined)
      response.status(404).json({ error: 'no postmortem: it is written when an incident resolves' });
    // As plain text: a browser must not take anything in it for a page.
    else response.type('text/plain; charset=utf-8').send(markdown);
  });

  router.post('/incidents/:id/acknowledge', requireOperator(authenticate), (request, response) => {
    const id = idSchema.safeParse(request.params.id);
    const { name } = response.locals.operator as Operator;
    if (!id.success || !acknowledge(id.data, name)) response.status(404).json({ error: 'no such incident' });
    else response.json({ incident: incidentJson(incidents.get(id.data)!) });
  });

  router.post('/incidents/:id/verdict', requireOperator(authenticate), json(), (request, response) => {
    const id = idSchema.safeParse(request.params.id);
    const body = verdictSchema.safeParse(request.body);
    const { name } = response.locals.operator as Operator;
    if (!body.success)
      response.status(400).json({
        error:
          'expected {"verdict": "right", "wrong" or "false-alarm"}, and "source": "people" or "drill" or nothing',
      });
    else if (
      !id.success ||
      !judgeRoot(id.data, body.data.verdict, judgeName(body.data, name), body.data.source)
    )
      response.status(404).json({ error: 'no such incident, or no probable root' });
    else response.json({ incident: incidentJson(incidents.get(id.data)!) });
  });

  return router;
}

/** A drill has the operator's token, and is no person. */
const judgeName = ({ source }: { readonly source: VerdictSource }, name: string) =>
  source === 'drill' ? source : name;
