import axios from 'axios';
import { z } from 'zod';

const incidentSchema = z
  .object({
    id: z.number(),
    title: z.string(),
    severity: z.string(),
    status: z.string(),
    startedAt: z.iso.datetime(),
    alertCount: z.number(),
    firingCount: z.number(),
    hypotheses: z.array(z.object({ summary: z.string(), confidence: z.number() })),
  })
  .transform(({ hypotheses, ...incident }) => ({ ...incident, root: hypotheses[0] ?? null }));
const incidentsSchema = z.object({ incidents: z.array(incidentSchema) });
const actionsSchema = z.object({ actions: z.array(z.object({ incidentId: z.number() })) });

export interface IncidentStatus extends z.infer<typeof incidentSchema> {
  /** Actions of it that wait for a person. */
  readonly waitingActions: number;
}

const STATUSES = ['open', 'mitigated'];
const MAX_SHOWN = 50;

/** Incidents that are not resolved, newest first, from the incident responder's API. */
export async function readIncidents(url: string): Promise<readonly IncidentStatus[]> {
  const get = async (path: string, params: Record<string, string | number>): Promise<unknown> =>
    (await axios.get(`${url}${path}`, { params, timeout: 10_000, proxy: false })).data;
  const [actions, ...lists] = await Promise.all([
    get('/api/actions', { state: 'proposed', limit: 200 }),
    ...STATUSES.map((status) => get('/api/incidents', { status, limit: MAX_SHOWN })),
  ]);
  const waiting = actionsSchema.parse(actions).actions;
  return lists
    .flatMap((list) => incidentsSchema.parse(list).incidents)
    .sort((a, b) => b.id - a.id)
    .map((incident) => ({
      ...incident,
      waitingActions: waiting.filter(({ incidentId }) => incidentId === incident.id).length,
    }));
}
