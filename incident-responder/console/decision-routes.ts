import { Router } from 'express';
import { z } from 'zod';
import type { Decisions } from '../remediation/decisions.ts';
import type { Session, Sessions } from './session/session-cookie.ts';
import { formBody, requireForm } from './session/session-routes.ts';

const idSchema = z.coerce.number().int().positive();
const decisionSchema = z.object({
  decision: z.enum(['approved', 'rejected']),
  note: z.string().trim().max(1000).default(''),
  // Where the form was: one of the pages that have it.
  next: z
    .string()
    .regex(/^\/(actions|incidents\/\d{1,15})?$/)
    .catch('/'),
});

export interface DecisionRoutesOptions {
  readonly sessions: Sessions | undefined;
  readonly decisions: Decisions;
  /** @returns false if the incident is not there */
  readonly acknowledge: (incidentId: number, by: string) => boolean;
}

/** What people decide by a form: `POST /actions/ID/decision`, `POST /incidents/ID/acknowledge`. */
export function decisionRoutes({ sessions, decisions, acknowledge }: DecisionRoutesOptions): Router {
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

  router.post('/incidents/:id/acknowledge', formBody, requireForm(sessions), (request, response) => {
    const id = idSchema.safeParse(request.params.id);
    const { name } = response.locals.session as Session;
    if (id.success && acknowledge(id.data, name))
      response.redirect(303, `/incidents/${id.data}?notice=acknowledged`);
    else response.redirect(303, '/?notice=not-found');
  });

  return router;
}
