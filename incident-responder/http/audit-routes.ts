import { Router } from 'express';
import { z } from 'zod';
import type { AuditLog } from '../audit/audit-log.ts';
import { auditEntryJson } from './json-view.ts';
import { pageOf, pageQuery, readQuery } from './page-query.ts';

const querySchema = z.strictObject({
  ...pageQuery,
  incident: z.coerce.number().int().positive().optional(),
});

/** `GET /audit`, newest first; `GET /audit/verify`: whether the hash chain holds. */
export function auditRoutes({ auditLog }: { readonly auditLog: AuditLog }): Router {
  const router = Router();
  router.get('/audit', (request, response) => {
    const query = readQuery(querySchema, request, response);
    if (query === undefined) return;
    const { incident, before, limit } = query;
    const found = auditLog.list({ before, incidentId: incident, limit: limit + 1 });
    const { items, next } = pageOf(found, limit, ({ sequence }) => sequence);
    response.json({ entries: items.map(auditEntryJson), next });
  });
  router.get('/audit/verify', (_request, response) => {
    response.json(auditLog.verify());
  });
  return router;
}
