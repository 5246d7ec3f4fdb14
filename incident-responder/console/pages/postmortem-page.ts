import {
  ACTION_STATES,
  isOverdue,
  type Postmortem,
  type PostmortemAction,
} from '../../incidents/postmortem-store.ts';
import type { SimilarIncident } from '../../incidents/similar-incidents.ts';
import { type Html, html } from '../html.ts';
import { instant } from '../instants.ts';
import { page } from '../layout.ts';
import type { Session } from '../session/session-cookie.ts';
import { noticeOf } from './notice.ts';
import { similarSection } from './similar-section.ts';

export interface PostmortemPageContent {
  readonly postmortem: Postmortem;
  readonly rendered: Html;
  readonly actions: readonly PostmortemAction[];
  readonly similar: readonly SimilarIncident[];
  readonly session: Session | undefined;
  readonly notice: string | undefined;
  readonly nowMs: number;
}

/** What was learnt from an incident: the draft that was written when it resolved, and what people make of it. */
export function postmortemPage(content: PostmortemPageContent): string {
  const { postmortem, rendered, actions, similar, session, nowMs } = content;
  const { incidentId, editedBy, editedAtMs, finishedAtMs } = postmortem;
  const path = `/incidents/${incidentId}/postmortem`;
  return page({
    title: `Postmortem of #${incidentId}`,
    path: '/postmortems',
    session,
    content: html`${noticeOf(content.notice)}<p class="lead"><a href="/incidents/${incidentId}">Incident #${incidentId}</a>.
${finishedAtMs === null ? html`<span class="badge attention">draft</span>` : html`<span class="badge good">finished</span> ${instant(finishedAtMs)},`} written by ${editedBy}, ${instant(editedAtMs)}.
<a href="/api/incidents/${incidentId}/postmortem" download="postmortem-${incidentId}.md">Its Markdown</a></p>
<div class="columns"><div><article class="document">${rendered}</article>
${session !== undefined && editor(postmortem, path, session)}</div>
<div>${actionsSection(actions, path, session, nowMs)}${similarSection(similar)}
${session === undefined && html`<p><a href="/login?next=${path}">Log in to finish it</a></p>`}</div></div>`,
  });
}

function editor({ markdown }: Postmortem, path: string, session: Session): Html {
  return html`<details id="edit"><summary>Edit</summary><form method="post" action="${path}" class="stacked wide">
<input type="hidden" name="csrf" value="${session.csrfToken}">
<label for="markdown">Markdown</label><textarea id="markdown" name="markdown" rows="30" required maxlength="100000" spellcheck="true">
${markdown}</textarea>
<p><button name="finished" value="no" class="primary">Save</button> <button name="finished" value="yes">Save and finish</button></p></form></details>`;
}

function actionsSection(
  actions: readonly PostmortemAction[],
  path: string,
  session: Session | undefined,
  nowMs: number,
): Html {
  return html`<section aria-labelledby="todo-title"><h2 id="todo-title">Actions</h2>
${actions.length === 0 && html`<p class="faint">None yet. Few are enough: each with one owner and a day.</p>`}
${actions.map(
  (
    action,
  ) => html`<div class="card"><p>${action.text} ${actionBadge(action, nowMs)}</p><p class="faint">${action.owner}, due ${action.due}</p>
${
  session !== undefined &&
  html`<form method="post" action="${path}/actions/${action.id}" class="fields"><input type="hidden" name="csrf" value="${session.csrfToken}">
<label>State <select name="state">${ACTION_STATES.map((state) => html`<option${state === action.state && html` selected`}>${state}</option>`)}</select></label>
<label>Due <input type="date" id="due-${action.id}" name="due" value="${action.due}" required></label><button>Save</button></form>`
}</div>`,
)}
${
  session !== undefined &&
  html`<form method="post" action="${path}/actions" class="card stacked"><input type="hidden" name="csrf" value="${session.csrfToken}">
<label for="action-text">Action</label><input id="action-text" name="text" required maxlength="500">
<label for="action-owner">Owner</label><input id="action-owner" name="owner" required maxlength="40">
<label for="action-due">Due</label><input id="action-due" name="due" type="date" required><button>Add action</button></form>`
}</section>`;
}

export function actionBadge(action: PostmortemAction, nowMs: number): Html {
  if (isOverdue(action, nowMs)) return html`<span class="badge bad">overdue</span>`;
  return html`<span class="badge ${action.state === 'open' ? 'busy' : action.state === 'done' ? 'good' : 'plain'}">${action.state}</span>`;
}
