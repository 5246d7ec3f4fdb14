import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { Incident } from '../../incidents/incident.ts';
import type { WatchdogState } from '../../intake/watchdog.ts';
import type { ActionRun } from '../../remediation/action.ts';
import { severityBadge, statusBadge } from '../badges.ts';
import { type Html, html } from '../html.ts';
import { instant } from '../instants.ts';
import { page } from '../layout.ts';
import type { Session } from '../session/session-cookie.ts';
import { actionCard } from './action-card.ts';
import { noticeOf } from './notice.ts';
import { watchdogSentence } from './watchdog-sentence.ts';

export interface IncidentsPageContent {
  readonly unresolved: readonly Incident[];
  readonly resolved: readonly Incident[];
  /** Those that wait for a person, oldest first. */
  readonly proposed: readonly ActionRun[];
  readonly firingCount: number;
  readonly watchdog: WatchdogState;
  readonly session: Session | undefined;
  readonly notice: string | undefined;
  readonly nowMs: number;
}

/** What is wrong now, what waits for a person, and what was before. */
export function incidentsPage(content: IncidentsPageContent): string {
  const { unresolved, resolved, proposed, firingCount, watchdog, session, nowMs } = content;
  const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;
  return page({
    title: unresolved.length === 0 ? 'Incidents' : `(${unresolved.length}) Incidents`,
    path: '/incidents',
    session,
    announcement: `${counted(unresolved.length, 'open incident', 'open incidents')}, ${counted(proposed.length, 'action waits', 'actions wait')} for approval.`,
    content: html`<h1>Incidents</h1>
${noticeOf(content.notice)}
<dl class="figures" id="figures" data-live>
<div class="${unresolved.length > 0 && 'bad'}"><dt>Open</dt><dd>${unresolved.length}</dd></div>
<div class="${proposed.length > 0 && 'attention'}"><dt>Wait for approval</dt><dd>${proposed.length}</dd></div>
<div><dt>Alerts firing</dt><dd>${firingCount}</dd></div>
<div class="${watchdog.silent && 'bad'}"><dt>Watchdog</dt><dd class="words">${watchdogSentence(watchdog)}</dd></div>
</dl>
<div id="waiting" data-live>${
      proposed.length > 0 &&
      html`<section aria-labelledby="waiting-title"><h2 id="waiting-title">Waits for a person</h2>
${proposed.map((run) => actionCard({ run, session, next: '/incidents', showIncident: true, nowMs }))}</section>`
    }</div>
<section aria-labelledby="open-title"><h2 id="open-title">Open</h2>
<div id="open" data-live>${
      unresolved.length === 0
        ? html`<p class="calm">No incident is open.</p>`
        : unresolved.map((incident) => incidentCard(incident, nowMs))
    }</div></section>
<section aria-labelledby="resolved-title"><h2 id="resolved-title">Resolved</h2>
<div id="resolved" data-live>${resolved.length === 0 ? html`<p class="faint">None so far.</p>` : resolvedTable(resolved)}</div></section>`,
  });
}

function incidentCard(incident: Incident, nowMs: number): Html {
  const { id, title, severity, status, startedAtMs, services, alertCount, firingCount } = incident;
  const root = incident.hypotheses[0];
  return html`<article class="card edge-${severity.toLowerCase()}">
<h3>${severityBadge(severity)} <a href="/incidents/${id}">${title}</a> ${statusBadge(status)}</h3>
<p>${root === undefined ? html`<span class="faint">No probable root yet.</span>` : html`${root.summary} <span class="faint">${percent(root.confidence)} sure</span>`}</p>
<p class="faint">#${id}, since ${instant(startedAtMs)} (${duration(nowMs - startedAtMs)}); ${services.join(', ')};
${firingCount} of ${alertCount} alerts firing${incident.acknowledgedBy !== null && `; taken on by ${incident.acknowledgedBy}`}</p>
</article>
`;
}

function resolvedTable(incidents: readonly Incident[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="resolved-title"><table>
<thead><tr><th>Incident</th><th>Severity</th><th>Root</th><th>Started</th><th>Detected after</th><th>Lasted</th></tr></thead>
<tbody>${incidents.map(
    (
      each,
    ) => html`<tr><td><a href="/incidents/${each.id}">${each.title}</a></td><td>${severityBadge(each.severity)}</td>
<td>${each.hypotheses[0]?.summary ?? ''}</td><td class="nowrap">${instant(each.startedAtMs)}</td>
<td class="number">${duration(each.detectedAtMs - each.startedAtMs)}</td>
<td class="number">${each.resolvedAtMs !== null && duration(each.resolvedAtMs - each.startedAtMs)}</td></tr>`,
  )}</tbody></table></div>`;
}

const percent = (share: number) => `${Math.round(share * 100)} %`;
