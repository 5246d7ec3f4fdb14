import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { ActionRun } from '../../remediation/action.ts';
import { isJudgeable } from '../../remediation/judge-run.ts';
import { classBadge, stateBadge } from '../badges.ts';
import { type Html, html } from '../html.ts';
import { instant } from '../instants.ts';
import type { Session } from '../session/session-cookie.ts';

export interface ActionCardOptions {
  readonly run: ActionRun;
  readonly session: Session | undefined;
  /** Page to come back to after a decision. */
  readonly next: string;
  readonly showIncident?: boolean;
  /** Whether its verdict has keys: of one on a page. */
  readonly hasKeys?: boolean;
  readonly nowMs: number;
}

/** An action run: what it does and to what, how far it is, and, where it waits for one, the decision. */
export function actionCard({
  run,
  session,
  next,
  showIncident = false,
  hasKeys = false,
  nowMs,
}: ActionCardOptions): Html {
  const { id, title, state, reason, command, confidence, verification, parameters } = run;
  const waits = state === 'proposed';
  return html`<article class="card action ${waits && 'edge-attention'}" id="action-${id}">
<h3 id="action-${id}-title">${title} ${stateBadge(state)} ${classBadge(run.class)}${run.mode === 'shadow' && html` <span class="badge plain">shadow mode</span>`}</h3>
<p>${reason}</p>
<dl class="facts">
<div><dt>Does</dt><dd><code>${command}</code></dd></div>
${Object.entries(parameters).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
<div><dt>Confidence</dt><dd>${Math.round(confidence * 100)} %</dd></div>
${showIncident && html`<div><dt>Incident</dt><dd><a href="/incidents/${run.incidentId}">#${run.incidentId}</a></dd></div>`}
<div><dt>Proposed</dt><dd>${instant(run.createdAtMs)}</dd></div>
${run.dueAtMs !== null && state === 'scheduled' && html`<div><dt>Due</dt><dd>in ${duration(Math.max(0, run.dueAtMs - nowMs))}</dd></div>`}
${run.startedAtMs !== null && html`<div><dt>Took</dt><dd>${duration((run.endedAtMs ?? nowMs) - run.startedAtMs)}${run.endedAtMs === null && ' so far'}</dd></div>`}
<div><dt>Verified by</dt><dd><code>${verification.query}</code>${verification.outcome !== null && html` <strong>${verification.outcome}</strong>`}</dd></div>
${run.approvals.map(({ decision, by, atMs, note }) => html`<div><dt>${decision === 'approved' ? 'Approved' : 'Rejected'}</dt><dd>by ${by}, ${instant(atMs)}${note !== '' && `: ${note}`}</dd></div>`)}
</dl>
${waits && decisionForm(run, session, next)}${verdictOn(run, session, next, hasKeys)}
</article>
`;
}

function decisionForm({ id }: ActionRun, session: Session | undefined, next: string): Html {
  if (session === undefined)
    return html`<p><a class="button" href="/login?next=${next}">Log in to decide</a></p>`;
  // The first button answers to the Enter key: a disabled one, so that nothing is approved from within the note.
  return html`<form method="post" action="/actions/${id}/decision" class="decision">
<button disabled hidden></button>
<input type="hidden" name="csrf" value="${session.csrfToken}"><input type="hidden" name="next" value="${next}">
<label for="note-${id}">Note <span class="faint">optional, for the audit log</span></label>
<input id="note-${id}" name="note" maxlength="1000" autocomplete="off">
<button name="decision" value="approved" class="primary" aria-describedby="action-${id}-title">Approve</button>
<button name="decision" value="rejected" class="danger" aria-describedby="action-${id}-title">Reject</button>
</form>`;
}

function verdictOn(
  run: ActionRun,
  session: Session | undefined,
  next: string,
  hasKeys: boolean,
): Html | null {
  if (!isJudgeable(run)) return null;
  const said = run.judged && html`${run.judged.by} found it ${run.judged.verdict}.`;
  if (session === undefined) return said ? html`<p>${said}</p>` : null;
  const [right, wrong] = hasKeys ? [html` accesskey="r"`, html` accesskey="w"`] : ['', ''];
  return html`<form method="post" action="/actions/${run.id}/verdict" class="decision"><input type="hidden" name="csrf" value="${session.csrfToken}"><input type="hidden" name="next" value="${next}">
<span>${said ? html`${said} Change that:` : 'Was it right to act?'}</span><button name="verdict" value="right"${right} aria-describedby="action-${run.id}-title">Right</button><button name="verdict" value="wrong"${wrong} aria-describedby="action-${run.id}-title">Wrong</button></form>`;
}
