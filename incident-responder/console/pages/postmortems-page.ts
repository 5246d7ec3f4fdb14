import type { Postmortem, PostmortemAction } from '../../incidents/postmortem-store.ts';
import { html } from '../html.ts';
import { instant } from '../instants.ts';
import { page } from '../layout.ts';
import type { Session } from '../session/session-cookie.ts';
import { actionBadge } from './postmortem-page.ts';

/** What is still to be done, whatever incident it is from, and the postmortems that people wrote on. */
export function postmortemsPage(
  actions: readonly PostmortemAction[],
  postmortems: readonly Postmortem[],
  session: Session | undefined,
  nowMs: number,
): string {
  return page({
    title: 'Postmortems',
    path: '/postmortems',
    session,
    content: html`<h1>Postmortems</h1>
<section aria-labelledby="todo-title"><h2 id="todo-title">Open actions</h2>
${
  actions.length === 0
    ? html`<p class="calm">Nothing is left to do.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="todo-title"><table><thead><tr><th>Due</th><th>Action</th><th>Owner</th><th>Incident</th></tr></thead>
<tbody>${actions.map((action) => html`<tr><td class="nowrap">${action.due} ${actionBadge(action, nowMs)}</td><td>${action.text}</td><td>${action.owner}</td><td><a href="/incidents/${action.incidentId}/postmortem">#${action.incidentId}</a></td></tr>`)}</tbody></table></div>`
}</section>
<section aria-labelledby="written-title"><h2 id="written-title">Written</h2>
${postmortems.length === 0 ? html`<p class="faint">None yet: the page of a resolved incident has its draft.</p>` : html`<ul class="list">${postmortems.map(({ incidentId, title, editedBy, editedAtMs, finishedAtMs }) => html`<li><a href="/incidents/${incidentId}/postmortem">#${incidentId} ${title}</a> <span class="badge ${finishedAtMs === null ? 'attention' : 'good'}">${finishedAtMs === null ? 'draft' : 'finished'}</span> <span class="faint">${editedBy}, ${instant(editedAtMs)}</span></li>`)}</ul>`}</section>`,
  });
}
