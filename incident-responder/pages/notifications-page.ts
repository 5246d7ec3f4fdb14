import type { NotifiedAlert } from '../intake/alertmanager-payload.ts';
import type { WatchdogState } from '../intake/watchdog.ts';
import type { StoredNotification } from '../store/notification-store.ts';
import { type Html, html } from './html.ts';
import { page } from './layout.ts';

const ALERTS_SHOWN = 10;

export interface NotificationsPageContent {
  readonly notifications: readonly StoredNotification[];
  readonly firingCount: number;
  readonly watchdog: WatchdogState;
}

/** The start page: what fires, whether the Watchdog is heard, and the latest notifications. */
export function notificationsPage({
  notifications,
  firingCount,
  watchdog,
}: NotificationsPageContent): string {
  return page(
    'Notifications',
    html`<h1>Notifications</h1>
<p>${firingCount} ${firingCount === 1 ? 'alert is' : 'alerts are'} firing. ${watchdogSentence(watchdog)}</p>
${notifications.length === 0 && html`<p class="faint">None so far.</p>`}
${notifications.map(notificationArticle)}`,
  );
}

function watchdogSentence({ lastHeardAtMs, silent, ageSeconds }: WatchdogState): Html {
  if (silent)
    return html`<strong class="firing">The Watchdog is silent for ${Math.round(ageSeconds)} s: alerts may not arrive.</strong>`;
  return lastHeardAtMs === null
    ? html`The Watchdog was not heard yet.`
    : html`The Watchdog was heard ${Math.round(ageSeconds)} s ago.`;
}

function notificationArticle(notification: StoredNotification): Html {
  const { status, receiver, alerts, truncatedAlerts, receivedAtMs, deliveries } = notification;
  const names = [...new Set(alerts.map((alert) => alert.labels.alertname))].slice(0, ALERTS_SHOWN).join(', ');
  const hidden = Math.max(0, alerts.length - ALERTS_SHOWN) + truncatedAlerts;
  return html`<article>
<h2><span class="${status}">${status}</span> ${names}</h2>
<p class="faint">${time(receivedAtMs)}, to ${receiver}${deliveries > 1 && `, delivered ${deliveries} times`}</p>
<ul>${alerts.slice(0, ALERTS_SHOWN).map(alertItem)}</ul>
${hidden > 0 && html`<p class="faint">and ${hidden} more</p>`}
</article>
`;
}

function alertItem({ status, labels, annotations, startsAtMs, endsAtMs }: NotifiedAlert): Html {
  return html`<li><span class="${status}">${status}</span> ${annotations.summary ?? labels.alertname}
<span class="faint">${[labels.service, labels.slo].filter(Boolean).join(' / ')} since ${time(startsAtMs)}${endsAtMs !== null && html` until ${time(endsAtMs)}`}</span>
${link('Runbook', annotations.runbook_url)} ${link('Dashboard', annotations.dashboard_url)}</li>`;
}

/** Nothing but http and https becomes a link: an annotation could hold `javascript:`. */
function link(text: string, url: string | undefined): Html | null {
  if (url === undefined || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return null;
  return html`<a href="${url}" rel="noreferrer">${text}</a>`;
}

function time(ms: number): Html {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}
