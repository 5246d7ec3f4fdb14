import type { ActionRun } from '../../remediation/action.ts';
import { html } from '../html.ts';
import { page } from '../layout.ts';
import type { Session } from '../session/session-cookie.ts';
import { actionCard } from './action-card.ts';
import { noticeOf } from './notice.ts';

export interface ActionsPageContent {
  /** Newest first. */
  readonly runs: readonly ActionRun[];
  /** Of the next page; null on the last. */
  readonly before: number | null;
  readonly session: Session | undefined;
  readonly notice: string | undefined;
  readonly nowMs: number;
}

/** Every time an action matched, newest first. */
export function actionsPage({ runs, before, session, notice, nowMs }: ActionsPageContent): string {
  const waiting = runs.filter(({ state }) => state === 'proposed').length;
  return page({
    title: 'Actions',
    path: '/actions',
    session,
    announcement: `${waiting} ${waiting === 1 ? 'action waits' : 'actions wait'} for approval.`,
    content: html`<h1>Actions</h1>
${noticeOf(notice)}
<p class="lead">Each time an action matched an incident: what it would do or did, and what came of it.</p>
<h2 class="unseen">Runs</h2>
<div id="actions" data-live>${runs.length === 0 && html`<p class="faint">None so far.</p>`}
${runs.map((run) => actionCard({ run, session, next: '/actions', showIncident: true, nowMs }))}
${before !== null && html`<p><a href="/actions?before=${before}">Older</a></p>`}</div>`,
  });
}
