import type { NotifiedAlert } from '../../intake/alertmanager-payload.ts';
import type { WatchdogState } from '../../intake/watchdog.ts';
import type { StoredNotification } from '../../store/notification-store.ts';
import { alertStatusBadge } from '../badges.ts';
import { type Html, html } from '../html.ts';
import { instant } from '../instants.ts';
import { page } from '../layout.ts';
import type { Session } from '../session/session-cookie.ts';
import { webLink } from '../web-link.ts';
import { watchdogSentence } from './watchdog-sentence.ts';

const ALERTS_SHOWN = 10;

export interface NotificationsPageContent {
  readonly notifications: readonly StoredNotification[];
  readonly firingCount: number;
  readonly watchdog: WatchdogState;
  readonly session: Session | undefined;
}

/** What Alertmanager said, newest first. */
export function notificationsPage({
  notifications,
  firingCount,
  watchdog,
  session,
}: NotificationsPageContent): string {
  const firing = `${firingCount} ${firingCount === 1 ? 'alert is' : 'alerts are'} firing.`;
  return page({
    title: 'Notifications',
    path: '/notifications',
    session,
    announcement: firing,
    content: html`<h1>Notifications</h1>
<p class="lead" id="firing" data-live>${firing} The Watchdog: ${watchdogSentence(watchdog)}.</p>
<div id="notifications" data-live>${notifications.length === 0 && html`<p class="faint">None so far.</p>`}
${notifications.map(notificationArticle)}</div>`,
  });
}

function notificationArticle(notification: StoredNotification): Html {
  const { status, receiver, alerts, truncatedAlerts, receivedAtMs, deliveries } = notification;
  const names = [...new Set(alerts.map((alert) => alert.labels.alertname))].slice(0, ALERTS_SHOWN).join(', ');
  const hidden = Math.max(0, alerts.length - ALERTS_SHOWN) + truncatedAlerts;
  return html`<article class="card">
<h2>${alertStatusBadge(status)} ${names}</h2>
<p class="faint">${instant(receivedAtMs)}, to ${receiver}${deliveries > 1 && `, delivered ${deliveries} times`}</p>
<ul>${alerts.slice(0, ALERTS_SHOWN).map(alertItem)}</ul>
${hidden > 0 && html`<p class="faint">and ${hidden} more</p>`}
</article>
`;
}

function alertItem({ status, labels, annotations, startsAtMs, endsAtMs }: NotifiedAlert): Html {
  return html`<li>${alertStatusBadge(status)} ${annotations.summary ?? labels.alertname}
<span class="faint">${[labels.service, labels.slo].filter(Boolean).join(' / ')} since ${instant(startsAtMs)}${endsAtMs !== null && html` until ${instant(endsAtMs)}`}</span>
${webLink('Runbook', annotations.runbook_url)} ${webLink('Dashboard', annotations.dashboard_url)}</li>`;
}
