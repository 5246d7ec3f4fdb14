import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Response, Router } from 'express';
import type { Watchdog } from '../intake/watchdog.ts';
import type { FiringAlerts } from '../store/firing-alerts.ts';
import type { NotificationStore } from '../store/notification-store.ts';
import { html } from './html.ts';
import { page } from './layout.ts';
import { renderMarkdown } from './markdown.ts';
import { notificationsPage } from './notifications-page.ts';
import { readRunbook, runbookNames } from './runbooks.ts';

const NOTIFICATIONS_SHOWN = 30;

export interface PageRoutesOptions {
  readonly notifications: NotificationStore;
  readonly firingAlerts: FiringAlerts;
  readonly watchdog: Watchdog;
  readonly runbooksDir: string;
}

/** `GET /`, `GET /runbooks`, `GET /runbooks/NAME`: pages for people, without scripts. */
export function pageRoutes({
  notifications,
  firingAlerts,
  watchdog,
  runbooksDir,
}: PageRoutesOptions): Router {
  const css = readFileSync(join(import.meta.dirname, 'page.css'), 'utf8');
  const router = Router();
  const send = (response: Response, content: string) =>
    response.type('html').set('Cache-Control', 'no-store').send(content);

  router.get('/page.css', (_request, response) => {
    response.type('css').send(css);
  });

  router.get('/', (_request, response) => {
    send(
      response,
      notificationsPage({
        notifications: notifications.list({ limit: NOTIFICATIONS_SHOWN }),
        firingCount: firingAlerts.list(Date.now()).length,
        watchdog: watchdog.state(),
      }),
    );
  });

  router.get('/runbooks', async (_request, response) => {
    const names = await runbookNames(runbooksDir);
    const items = names.map((name) => html`<li><a href="/runbooks/${name}">${name}</a></li>`);
    send(response, page('Runbooks', html`<h1>Runbooks</h1><ul>${items}</ul>`));
  });

  // Runbooks link to each other as files, NAME.md, so that the links work in an editor too.
  router.get('/runbooks/:name', async (request, response) => {
    const name = request.params.name.replace(/\.md$/, '');
    const markdown = await readRunbook(runbooksDir, name);
    if (markdown === undefined) {
      response.status(404);
      send(
        response,
        page('No such runbook', html`<h1>No such runbook</h1><p><a href="/runbooks">All runbooks</a></p>`),
      );
      return;
    }
    send(response, page(`${name} runbook`, await renderMarkdown(markdown)));
  });

  return router;
}
