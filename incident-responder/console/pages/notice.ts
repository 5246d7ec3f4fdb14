import { type Html, html } from '../html.ts';

const NOTICES: Readonly<Record<string, readonly [tone: 'good' | 'bad', text: string]>> = {
  approved: ['good', 'Approved. The action begins soon after, and is verified.'],
  rejected: ['good', 'Rejected. Nothing is done.'],
  acknowledged: ['good', 'The incident is yours.'],
  judged: ['good', 'Thank you: it counts for the accuracy of the analysis.'],
  'root-judged': ['good', 'Thank you: it counts for the accuracy of the responder.'],
  'action-judged': ['good', 'Thank you: it counts for the accuracy of the responder.'],
  noted: ['good', 'Noted: it is in the timeline and the audit log.'],
  saved: ['good', 'Saved.'],
  'status-sent': ['good', 'Sent, and in the timeline.'],
  'status-failed': ['bad', 'It could not be sent; the timeline says why.'],
  'not-understood': ['bad', 'A field is empty, too long, or not what it is for: nothing was changed.'],
  'not-waiting': ['bad', 'That action does not wait for a decision any more.'],
  'not-found': ['bad', 'That is not there any more.'],
};

/** What came of a form: it gets the focus, so that it is read out. Unknown names, from a mistyped address, are nothing. */
export function noticeOf(name: string | undefined): Html | null {
  const notice = name === undefined || !Object.hasOwn(NOTICES, name) ? undefined : NOTICES[name];
  if (notice === undefined) return null;
  return html`<p class="notice ${notice[0]}" role="status" tabindex="-1" autofocus>${notice[1]}</p>`;
}
