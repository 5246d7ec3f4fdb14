import { join } from 'node:path';
import { assetRoutes } from '@aiops-sre/incident-responder/console/asset-routes.ts';
import { createEventStream } from '@aiops-sre/incident-responder/console/event-stream.ts';
import { html } from '@aiops-sre/incident-responder/console/html.ts';
import { renderMarkdown } from '@aiops-sre/incident-responder/console/markdown.ts';
import type { Session, Sessions } from '@aiops-sre/incident-responder/console/session/session-cookie.ts';
import {
  formBody,
  requireForm,
  sessionOf,
} from '@aiops-sre/incident-responder/console/session/session-routes.ts';
import { CAUSE_KINDS } from '@aiops-sre/incident-responder/incidents/incident.ts';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { RunningStack } from '../../drill/running-stack.ts';
import type { Flight } from '../flight.ts';
import { SchoolError } from '../fly-mission.ts';
import { CONTRIBUTING, IMPROVEMENTS, keysOf } from '../postmortem-answers.ts';
import type { Mission } from '../read-missions.ts';
import { gradedFlights, keepFlight, readFlights } from '../results.ts';
import { awaitsPostmortem, debriefPage } from './debrief-page.ts';
import type { Desk } from './desk.ts';
import { flightPage, type Means } from './flight-page.ts';
import { ladderPage } from './ladder-page.ts';
import { missionPage } from './mission-page.ts';
import { readDocument } from './read-page.ts';
import { LESSONS, schoolPage } from './school-layout.ts';

const word = z.string().max(100);
const stepForm = z.object({ step: word, words: z.union([word, z.array(word).max(3)]).default([]) });
const postmortemForm = z.object({
  service: word.min(1),
  cause: z.enum(CAUSE_KINDS),
  instance: word.transform((text) => text.trim() || null),
  contributing: z.enum(keysOf(CONTRIBUTING)),
  improve: z.enum(keysOf(IMPROVEMENTS)),
});

export interface SchoolRoutesOptions {
  readonly repository: string;
  readonly stack: RunningStack;
  readonly missions: readonly Mission[];
  readonly results: string;
  readonly desk: Desk;
  readonly sessions: Sessions;
}

/** The school's pages. Reading needs no session, as in the console; flying needs the console's. */
export function schoolRoutes(options: SchoolRoutesOptions): { router: Router; close(): void } {
  const { repository, stack, missions, results, desk, sessions } = options;
  const consoleUrl = stack.url('incidentResponder');
  const services = [...new Set(missions.flatMap(({ fault }) => fault.truth.service))].toSorted();
  const stream = createEventStream(desk);
  const router = Router();
  const common = (request: Request) => ({ session: sessionOf(sessions, request), consoleUrl });
  const send = (response: Response, content: string) =>
    response.type('html').set('Cache-Control', 'no-store').send(content);
  const refuse = (request: Request, response: Response, status: number, title: string, up = '/') =>
    send(
      response.status(status),
      schoolPage({
        ...common(request),
        title,
        path: up,
        content: html`<h1>${title}</h1><p><a href="${up}">Go on</a></p>`,
      }),
    );
  const graded = async () => gradedFlights(await readFlights(results), missions);
  const flownOf = async (id: unknown) =>
    (await graded()).find(({ flight }) => String(flight.beganMs) === String(id));

  router.get('/assets/school.css', (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile(join(import.meta.dirname, 'school.css'));
  });
  router.use('/assets', assetRoutes({}));
  router.get('/events', stream.handler);
  // Who is no session's is led here by what guards forms.
  router.get('/login', (_request, response) => response.redirect(303, `${consoleUrl}/login`));

  router.get('/', async (request, response) => {
    send(response, ladderPage(missions, await graded(), common(request)));
  });

  router.get('/missions/:name', async (request, response) => {
    const mission = missions.find(({ name }) => name === request.params.name);
    if (mission === undefined) return void refuse(request, response, 404, 'No such mission');
    const flown = (await graded()).filter(({ flight }) => flight.mission === mission.name);
    send(response, missionPage(mission, flown, common(request)));
  });

  router.get('/flight', async (request, response) => {
    const state = desk.state();
    send(
      response,
      flightPage({
        ...common(request),
        state,
        means: await meansOf(
          stack,
          state?.phase.kind === 'flying' ? state.phase.progress?.page?.id : undefined,
        ),
        services,
        nowMs: Date.now(),
      }),
    );
  });

  router.get('/flights/:id', async (request, response) => {
    const flown = await flownOf(request.params.id);
    if (flown === undefined) return void refuse(request, response, 404, 'No such flight');
    send(response, debriefPage(flown, services, common(request)));
  });

  router.get('/read/*path', async (request, response) => {
    const path = (request.params.path as unknown as string[]).join('/');
    const markdown = await readDocument(repository, path);
    if (markdown === undefined) return void refuse(request, response, 404, 'No such page', LESSONS);
    const content = html`<article class="document">${await renderMarkdown(markdown)}</article>`;
    send(response, schoolPage({ ...common(request), title: path, path: request.path, content }));
  });

  const guarded = [formBody, requireForm(sessions)];
  router.post('/missions/:name/fly', ...guarded, (request, response) => {
    const mission = missions.find(({ name }) => name === request.params.name);
    if (mission === undefined) return void refuse(request, response, 404, 'No such mission');
    try {
      desk.begin(mission, (response.locals.session as Session).name);
    } catch (error) {
      if (!(error instanceof SchoolError)) throw error;
      return void refuse(request, response, 409, error.message, '/flight');
    }
    response.redirect(303, '/flight');
  });

  router.post('/flight/steps', ...guarded, (request, response) => {
    const form = stepForm.safeParse(request.body);
    if (!form.success) return void refuse(request, response, 400, 'That is no step', '/flight');
    desk.type([form.data.step, form.data.words].flat().join(' '));
    response.redirect(303, '/flight');
  });

  router.post('/flight/end', ...guarded, async (_request, response) => {
    await desk.end();
    response.redirect(303, '/flight');
  });

  router.post('/flights/:id/postmortem', ...guarded, async (request, response) => {
    const flown = await flownOf(request.params.id);
    const form = postmortemForm.safeParse(request.body);
    if (flown === undefined) return void refuse(request, response, 404, 'No such flight');
    const { flight } = flown;
    const here = `/flights/${flight.beganMs}`;
    if (!form.success) return void refuse(request, response, 400, 'A field is empty', here);
    // What was true is told by then.
    if (!awaitsPostmortem(flight)) return void refuse(request, response, 409, 'It is written already', here);
    await keepFlight(results, withPostmortem(flight, form.data));
    response.redirect(303, here);
  });

  return { router, close: stream.close };
}

/** Another root than was named in the air is one that was named only now. */
function withPostmortem(
  flight: Flight,
  { contributing, improve, ...root }: z.infer<typeof postmortemForm>,
): Flight {
  const { root: before } = flight;
  const isSame =
    before !== null &&
    before.service === root.service &&
    before.cause === root.cause &&
    before.instance === root.instance;
  return { ...flight, contributing, improve, root: isSame ? before : { ...root, atMs: Date.now() } };
}

/** Empty where it cannot be told: there are other tools. */
async function meansOf(stack: RunningStack, incidentId: number | undefined): Promise<Means> {
  const [processes, runs] = await Promise.all([
    stack.supervisor.processes().catch(() => undefined),
    incidentId === undefined ? [] : stack.actionRuns(incidentId).catch(() => []),
  ]);
  return {
    processes: (processes ?? []).map(({ name }) => name).toSorted(),
    flags: stack.flagVariants(),
    waiting: runs.filter(({ state }) => state === 'proposed').map(({ action }) => action),
  };
}
