import { json, type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { VERDICT_SOURCES, VERDICTS } from '../incidents/incident.ts';
import type { ActionRunStore } from '../remediation/action-run-store.ts';
import type { Decisions } from '../remediation/decisions.ts';
import type { JudgeRun } from '../remediation/judge-run.ts';
import { RUN_STATES } from '../remediation/run-states.ts';
import { actionRunJson } from './json-view.ts';
import { type Authenticate, type Operator, requireOperator } from './operator.ts';
import { pageOf, pageQuery, readQuery } from './page-query.ts';

const querySchema = z.strictObject({
  ...pageQuery,
  incident: z.coerce.number().int().positive().optional(),
  state: z.enum(RUN_STATES).optional(),
});
const bodySchema = z.strictObject({ note: z.string().max(1000).default('') });
const verdictSchema = z.strictObject({
  verdict: z.enum(VERDICTS),
  source: z.enum(VERDICT_SOURCES).default('people'),
});
const idSchema = z.coerce.number().int().positive();

export interface ActionRoutesOptions {
  readonly runs: ActionRunStore;
  readonly decisions: Decisions;
  readonly judgeRun: JudgeRun;
  readonly authenticate: Authenticate;
}

/** `GET /actions`, newest first; `POST /actions/ID/approve` and `/reject` by an operator, with an optional `note`, and `/verdict`. */
export function actionRoutes({ runs, decisions, judgeRun, authenticate }: ActionRoutesOptions): Router {
  const router = Router();

  router.get('/actions', (request, response) => {
    const query = readQuery(querySchema, request, response);
    if (query === undefined) return;
    const { incident, limit, ...rest } = query;
    const found = runs.list({ ...rest, incidentId: incident, limit: limit + 1 });
    const { items, next } = pageOf(found, limit, ({ id }) => id);
    response.json({ actions: items.map(actionRunJson), next });
  });

  const decide =
    (decision: 'approved' | 'rejected'): RequestHandler =>
    (request, response) => {
      const id = idSchema.safeParse(request.params.id);
      const body = bodySchema.safeParse(request.body ?? {});
      if (!id.success || !body.success) {
        response.status(400).json({ error: 'expected an action id, and {"note": text} or nothing' });
        return;
      }
      const { name } = response.locals.operator as Operator;
      const result = decisions.decide(id.data, {
        decision,
        by: name,
        atMs: Date.now(),
        note: body.data.note,
      });
      if (result.outcome === 'not-found') response.status(404).json({ error: 'no such action' });
      else if (result.outcome === 'not-waiting')
        response
          .status(409)
          .json({ error: `expected an action that is proposed, it is ${result.run.state}` });
      else response.json({ action: actionRunJson(result.run) });
    };
  const operatorOnly = [requireOperator(authenticate), json({ limit: 10_000, inflate: false })];
  router.post('/actions/:id/approve', ...operatorOnly, decide('approved'));
  router.post('/actions/:id/reject', ...operatorOnly, decide('rejected'));
  router.post('/actions/:id/verdict', ...operatorOnly, (request, response) => {
    const id = idSchema.safeParse(request.params.id);
    const body = verdictSchema.safeParse(request.body);
    if (!id.success || !body.success) {
      response.status(400).json({
        error:
          'expected an action id, {"verdict": "right" or "wrong"}, and "source": "people" or "drill" or nothing',
      });
      return;
    }
    const { verdict, source } = body.data;
    const { name } = response.locals.operator as Operator;
    const result = judgeRun(id.data, verdict, source === 'drill' ? source : name, source);
    if (result.outcome === 'not-found') response.status(404).json({ error: 'no such action' });
    else if (result.outcome === 'nothing-done')
      response.status(409).json({ error: `expected an action that was done, it is ${result.run.state}` });
    else response.json({ action: actionRunJson(result.run) });
  });
  return router;
}
