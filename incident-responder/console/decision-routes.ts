import { Router } from 'express';
import { z } from 'zod';
import { ROOT_VERDICTS, VERDICTS, type Verdict } from '../incidents/incident.ts';
import type { JudgeRoot } from '../incidents/judge-root.ts';
import type { Decisions } from '../remediation/decisions.ts';
import type { JudgeRun } from '../remediation/judge-run.ts';
import type { Session, Sessions } from './session/session-cookie.ts';
import { formBody, requireForm } from './session/session-routes.ts';

const idSchema = z.coerce.number().int().positive();
/** Where the form was: one of the pages that have it. */
const backTo = z
  .string()
  .regex(/^\/(actions|incidents(\/\d{1,15})?)$/)
  .catch('/incidents');
const decisionSchema = z.object({
  decision: z.enum(['approved', 'rejected']),
  note: z.string().trim().max(1000).default(''),
  next: backTo,
});

const verdictSchema = z.object({ verdict: z.enum(VERDICTS) });
const rootVerdictSchema = z.object({ verdict: z.enum(ROOT_VERDICTS) });
const nextSchema = z.object({ next: backTo });

export interface DecisionRoutesOptions {
  readonly sessions: Sessions | undefined;
  readonly decisions: Decisions;
  /** @returns false if the incident is not there */
  readonly acknowledge: (incidentId: number, by: string) => boolean;
  /** @returns false if there is no explanation to judge */
  readonly judge: (incidentId: number, verdict: Verdict) => boolean;
  readonly judgeRoot: JudgeRoot;
  readonly judgeRun: JudgeRun;
}

/** What people say by a form: `POST /actions/ID/decision` and `/verdict`, `POST /incidents/ID/acknowledge`, `/verdict` and `/root-verdict`. */
export function decisionRoutes({
  sessions,
  decisions,
  acknowledge,
  judge,
  judgeRoot,
  judgeRun,
}: DecisionRoutesOptions): Router {
  const router = Router();

  router.post('/actions/:id/decision', formBody, requireForm(sessions), (request, response) => {
    const id = idSchema.safeParse(request.params.id);
    const form = decisionSchema.safeParse(request.body);
    if (!id.success || !form.success) {
      response
        .status(400)
        .json({ error: 'expected decision: approved or rejected, and a note of 1000 characters at most' });
      return;
    }
    const { decision, note, next } = form.data;
    const { name } = response.locals.session as Session;
    const { outcome } = decisions.decide(id.data, { decision, by: name, atMs: Date.now(), note });
    response.redirect(303, `${next}?notice=${outcome === 'decided' ? decision : outcome}`);
  });

  router.post('/actions/:id/verdict', formBody, requireForm(sessions), (request, response) => {
    const id = idSchema.safeParse(request.params.id);
    const form = verdictSchema.and(nextSchema).safeParse(request.body);
    const { name } = response.locals.session as Session;
    if (!id.success || !form.success) return response.redirect(303, '/incidents?notice=not-found');
    const { outcome } = judgeRun(id.data, form.data.verdict, name);
    response.redirect(
      303,
      `${form.data.next}?notice=${outcome === 'judged' ? 'action-judged' : 'not-found'}`,
    );
  });

  router.post('/incidents/:id/acknowledge', formBody, requireForm(sessions), (request, response) => {
    const id = idSchema.safeParse(request.params.id);
    const { name } = response.locals.session as Session;
    if (id.success && acknowledge(id.data, name))
      response.redirect(303, `/incidents/${id.data}?notice=acknowledged`);
    else response.redirect(303, '/incidents?notice=not-found');
  });

  router.post('/incidents/:id/verdict', formBody, requireForm(sessions), (request, response) => {
    const id = idSchema.safeParse(request.params.id);
    const form = verdictSchema.safeParse(request.body);
    if (id.success && form.success && judge(id.data, form.data.verdict))
      response.redirect(303, `/incidents/${id.data}?notice=judged`);
    else response.redirect(303, '/incidents?notice=not-found');
  });

  router.post('/incidents/:id/root-verdict', formBody, requireForm(sessions), (request, response) => {
    const id = idSchema.safeParse(request.params.id);
    const form = rootVerdictSchema.safeParse(request.body);
    const { name } = response.locals.session as Session;
    if (id.success && form.success && judgeRoot(id.data, form.data.verdict, name))
      response.redirect(303, `/incidents/${id.data}?notice=root-judged`);
    else response.redirect(303, '/incidents?notice=not-found');
  });

  return router;
}
