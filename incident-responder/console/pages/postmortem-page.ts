import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import type { Session } from '../session/session-cookie.ts';

/** The draft that was written when the incident resolved, as a page; people finish it elsewhere. */
export function postmortemPage(incidentId: number, draft: Html, session: Session | undefined): string {
  return page({
    title: `Postmortem of #${incidentId}`,
    path: `/incidents/${incidentId}/postmortem`,
    session,
    content: html`<p class="lead"><a href="/incidents/${incidentId}">Incident #${incidentId}</a>. A draft:
<a href="/api/incidents/${incidentId}/postmortem" download="postmortem-${incidentId}.md">take its Markdown</a> and finish it.</p>
<article class="document">${draft}</article>`,
  });
}
