import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { eventually } from '../../testing/stack-under-test.ts';
import { forward, inPod, tell } from './cluster-under-test.ts';

const PAGE_WITHIN_SECONDS = 90;
const notificationsSchema = z.object({
  notifications: z.array(
    z.object({
      status: z.string(),
      receivedAt: z.iso.datetime().transform(Date.parse),
      alerts: z.array(z.object({ labels: z.record(z.string(), z.string()) })),
    }),
  ),
});

/** By the storefront itself, with the token that it has. */
const faults = (method: string, body?: unknown) =>
  inPod(
    'deployment/storefront',
    `import { readFileSync } from 'node:fs';
     const { ok, status } = await fetch('http://127.0.0.1:3000/admin/faults', {
       method: '${method}',
       headers: { authorization: 'Bearer ' + readFileSync(process.env.ADMIN_TOKEN_FILE, 'utf8').trim(), 'content-type': 'application/json' },
       ${body === undefined ? '' : `body: ${JSON.stringify(JSON.stringify(body))},`}
     });
     if (!ok) throw new Error('${method} /admin/faults: ' + status);`,
  );

afterAll(() => faults('DELETE'));

test('a storefront that fails every request is paged for within 90 s, at the responder', {
  timeout: 300_000,
}, async () => {
  const responder = await forward('incident-responder', 8091);
  const startedMs = Date.now();
  await faults('PUT', { errorRatio: 1, durationSeconds: 300 });
  await eventually('page', 240_000, async () => {
    const response = await fetch(
      `${responder}/api/notifications?alertname=${ALERTS.errorBudgetBurn}&limit=20`,
    );
    const { notifications } = notificationsSchema.parse(await response.json());
    return notifications.some(
      ({ status, receivedAt, alerts }) =>
        status === 'firing' &&
        receivedAt > startedMs &&
        alerts.some(({ labels }) => labels.severity === 'page' && labels.service === 'storefront'),
    );
  });
  expect(tell('page', startedMs)).toBeLessThanOrEqual(PAGE_WITHIN_SECONDS);
});
