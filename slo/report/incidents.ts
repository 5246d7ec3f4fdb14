import { createBackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { z } from 'zod';

const TIMEOUT_MS = 10_000;
const PAGE = 200;
/** A month of a very bad team. */
const MAX_PAGES = 20;

const incidentSchema = z.object({
  id: z.number(),
  title: z.string(),
  severity: z.string(),
  startedAt: z.iso.datetime(),
  resolvedAt: z.iso.datetime().nullable(),
  services: z.array(z.string()),
});
const pageSchema = z.object({ incidents: z.array(incidentSchema), next: z.number().nullable() });

export type ReportedIncident = z.infer<typeof incidentSchema>;

/** Incidents that began within the span, oldest first, from the incident responder's API. */
export async function incidentsOf(
  url: string,
  span: { readonly fromSeconds: number; readonly untilSeconds: number },
): Promise<ReportedIncident[]> {
  const responder = createBackendClient({ name: 'The incident responder', url, timeoutMs: TIMEOUT_MS });
  const found: ReportedIncident[] = [];
  let before: number | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { incidents, next } = await responder.json(
      { path: '/api/incidents', parameters: { limit: PAGE, before } },
      pageSchema,
    );
    found.push(...incidents);
    const oldest = incidents.at(-1);
    if (next === null || (oldest && Date.parse(oldest.startedAt) / 1000 < span.fromSeconds)) break;
    before = next;
  }
  return found
    .filter(({ startedAt }) => {
      const seconds = Date.parse(startedAt) / 1000;
      return seconds >= span.fromSeconds && seconds < span.untilSeconds;
    })
    .toReversed();
}
