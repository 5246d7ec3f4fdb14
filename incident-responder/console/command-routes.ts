import { type Request, type RequestHandler, type Response, Router, urlencoded } from 'express';
import { z } from 'zod';
import type { IncidentCommand } from '../incidents/command.ts';
import { INCIDENT_SEVERITIES } from '../incidents/incident.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import type { PostmortemDesk } from '../incidents/postmortem-desk.ts';
import { ACTION_STATES } from '../incidents/postmortem-store.ts';
import type { OnCall } from '../on-call/start-on-call.ts';
import { operatorName } from './session/operator-name.ts';
import type { Session, Sessions } from './session/session-cookie.ts';
import { formBody, requireForm } from './session/session-routes.ts';

/** A whole postmortem. */
const longFormBody = urlencoded({ extended: false, limit: 400_000, parameterLimit: 20, inflate: false });

const id = z.coerce.number().int().positive();
const line = (most: number) => z.string().trim().min(1).max(most);
const role = z.union([z.literal(''), operatorName]);
const day = z.iso.date();
const FORMS = {
  roles: z.object({ commander: role, scribe: role }),
  severity: z.object({ severity: z.enum(INCIDENT_SEVERITIES), reason: line(500) }),
  note: z.object({ text: line(2000) }),
  status: z.object({ receiver: z.string().max(40), text: line(2000) }),
  postmortem: z.object({
    markdown: z
      .string()
      .trim()
      .min(1)
      .max(100_000)
      .transform((text) => text.replaceAll('\r\n', '\n')),
    finished: z.enum(['yes', 'no']),
  }),
  action: z.object({ text: line(500), owner: operatorName, due: day }),
  actionChange: z.object({ state: z.enum(ACTION_STATES), due: day }),
};

export interface CommandRoutesOptions {
  readonly sessions: Sessions | undefined;
  readonly incidents: IncidentStore;
  readonly command: IncidentCommand;
  readonly postmortems: PostmortemDesk;
  readonly onCall: Pick<OnCall, 'sendStatus'>;
  /** Of this console, for links in status updates. */
  readonly publicUrl: string;
}

/** Forms of who leads an incident: `POST /incidents/ID/roles`, `/severity`, `/note`, `/status`, `/postmortem` and its actions. */
export function commandRoutes(options: CommandRoutesOptions): Router {
  const { sessions, incidents, command, postmortems, onCall, publicUrl } = options;
  const router = Router();

  /** @param work false: what it is about is not there; a text: a notice other than that of success */
  function form<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    done: string,
    work: (
      incidentId: number,
      data: z.infer<Schema>,
      by: string,
      request: Request,
    ) => boolean | string | Promise<boolean | string>,
    body: RequestHandler = formBody,
  ) {
    router.post(
      `/incidents/:id${path}`,
      body,
      requireForm(sessions),
      async (request: Request, response: Response) => {
        const incidentId = id.safeParse(request.params.id);
        const data = schema.safeParse(request.body);
        const back = path.startsWith('/postmortem') ? '/postmortem' : '';
        if (!incidentId.success) return void response.redirect(303, '/incidents?notice=not-found');
        const here = `/incidents/${incidentId.data}${back}`;
        if (!data.success) return void response.redirect(303, `${here}?notice=not-understood`);
        const { name } = response.locals.session as Session;
        const outcome = await work(incidentId.data, data.data, name, request);
        if (outcome === false) response.redirect(303, '/incidents?notice=not-found');
        else response.redirect(303, `${here}?notice=${outcome === true ? done : outcome}`);
      },
    );
  }

  form('/roles', FORMS.roles, 'noted', (incidentId, roles, by) => command.setRoles(incidentId, roles, by));
  form('/severity', FORMS.severity, 'noted', (incidentId, { severity, reason }, by) =>
    command.setSeverity(incidentId, severity, reason, by),
  );
  form('/note', FORMS.note, 'noted', (incidentId, { text }, by) => command.addNote(incidentId, text, by));
  form('/status', FORMS.status, 'status-sent', async (incidentId, { receiver, text }, by) => {
    const incident = incidents.get(incidentId);
    if (incident === undefined) return false;
    const problem =
      receiver === ''
        ? undefined
        : await onCall.sendStatus(receiver, {
            key: `${publicUrl}/incidents/${incidentId}`,
            title: `${incident.severity}: ${incident.title}`,
            text,
            urgent: false,
            incidentUrl: `${publicUrl}/incidents/${incidentId}`,
          });
    command.statusSent(incidentId, { receiver: receiver || 'the timeline alone', text, problem }, by);
    return problem === undefined ? true : 'status-failed';
  });
  form(
    '/postmortem',
    FORMS.postmortem,
    'saved',
    (incidentId, { markdown, finished }, by) =>
      postmortems.write(incidentId, { markdown, finished: finished === 'yes' }, by),
    longFormBody,
  );
  form('/postmortem/actions', FORMS.action, 'saved', (incidentId, action, by) =>
    postmortems.addAction(incidentId, action, by),
  );
  form('/postmortem/actions/:action', FORMS.actionChange, 'saved', (incidentId, change, by, request) => {
    const action = id.safeParse(request.params.action);
    return action.success && postmortems.changeAction(incidentId, action.data, change, by);
  });
  return router;
}
