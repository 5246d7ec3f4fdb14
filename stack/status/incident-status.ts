import { createBackendClient, type Parameters } from '@aiops-sre/service-kit/backends/backend-client.ts';
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
  const responder = createBackendClient({ name: 'The incident responder', url, timeoutMs: 10_000 });
  const incidentsWith = (parameters: Parameters) =>
    responder.json({ path: '/api/incidents', parameters }, incidentsSchema);
  const [{ actions }, ...lists] = await Promise.all([
    responder.json({ path: '/api/actions', parameters: { state: 'proposed', limit: 200 } }, actionsSchema),
    ...STATUSES.map((status) => incidentsWith({ status, limit: MAX_SHOWN })),
  ]);
  return lists
    .flatMap(({ incidents }) => incidents)
    .sort((a, b) => b.id - a.id)
    .map((incident) => ({
      ...incident,
      waitingActions: actions.filter(({ incidentId }) => incidentId === incident.id).length,
    }));
}
