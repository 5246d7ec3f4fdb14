import { Router } from 'express';
import { z } from 'zod';
import type { NotifiedAlert } from '../intake/alertmanager-payload.ts';
import type { FiringAlerts } from '../store/firing-alerts.ts';
import type { NotificationStore } from '../store/notification-store.ts';

const querySchema = z.strictObject({
  /** ISO 8601 with zone, or milliseconds since the epoch. */
  since: z
    .union([
      z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
      z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
    ])
    .optional(),
  alertname: z.string().min(1).max(200).optional(),
  status: z.enum(['firing', 'resolved']).optional(),
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const QUERY_HELP =
  'since: ISO 8601 with zone or milliseconds; alertname; status: firing or resolved; before: an id; limit: 1 to 200';

export interface ApiRoutesOptions {
  readonly notifications: NotificationStore;
  readonly firingAlerts: FiringAlerts;
}

/** `GET /notifications` and `GET /alerts`: what came in, and what fires. */
export function apiRoutes({ notifications, firingAlerts }: ApiRoutesOptions): Router {
  const router = Router();

  router.get('/notifications', (request, response) => {
    const query = querySchema.safeParse(request.query);
    if (!query.success) {
      const wrong = query.error.issues.map((issue) => issue.path.join('.') || issue.message).join(', ');
      response.status(400).json({ error: `query ${wrong}: expected ${QUERY_HELP}` });
      return;
    }
    const { since, limit, ...filter } = query.data;
    // One more than asked for tells whether there is a next page.
    const found = notifications.list({ ...filter, sinceMs: since, limit: limit + 1 });
    const page = found.slice(0, limit);
    response.json({
      notifications: page.map(({ receivedAtMs, lastReceivedAtMs, alerts, ...notification }) => ({
        ...notification,
        receivedAt: instant(receivedAtMs),
        lastReceivedAt: instant(lastReceivedAtMs),
        alerts: alerts.map(apiAlert),
      })),
      next: found.length > limit ? page.at(-1)?.id : null,
    });
  });

  router.get('/alerts', (_request, response) => {
    response.json({
      alerts: firingAlerts.list(Date.now()).map(({ receiver, lastHeardAtMs, ...alert }) => ({
        ...apiAlert(alert),
        receiver,
        lastHeardAt: instant(lastHeardAtMs),
      })),
    });
  });

  return router;
}

const instant = (ms: number) => new Date(ms).toISOString();

function apiAlert({ startsAtMs, endsAtMs, ...alert }: NotifiedAlert) {
  return { ...alert, startsAt: instant(startsAtMs), endsAt: endsAtMs === null ? null : instant(endsAtMs) };
}
