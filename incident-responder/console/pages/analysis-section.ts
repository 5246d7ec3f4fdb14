import type { Analysis } from '../../analysis/analysis-store.ts';
import type { Proposal } from '../../analysis/proposals.ts';
import type { Incident } from '../../incidents/incident.ts';
import { type Html, html } from '../html.ts';
import type { Session } from '../session/session-cookie.ts';

/** What a language model says of an incident: marked as such, beside what the responder found itself. */
export function analysisSection(
  { answer, model, verdict }: Analysis,
  incident: Incident,
  session: Session | undefined,
): Html | null {
  if (answer === null) return null;
  const { text, ranked, caution, proposals = [] } = answer;
  return html`<section aria-labelledby="analysis-title"><h2 id="analysis-title">In a model's words</h2>
<div class="card"><p>${text}</p>
${ranked.length > 1 && html`<p class="faint">It takes for most probable, in this order:</p><ol>${ranked.map((each) => html`<li>${each}</li>`)}</ol>`}
${caution !== '' && html`<p>Not shown by the evidence: ${caution}</p>`}
${proposals.length > 0 && html`<p>It proposes, for you to take over or not (${accepted(proposals)}):</p><ul>${proposals.map((each) => html`<li>${each.kind === 'rule' ? 'A rule' : 'A query'}: ${each.name}. ${each.why}<pre><code>${each.text}</code></pre></li>`)}</ul>`}
<p class="faint">Written by ${model} from redacted evidence. It may be wrong; nothing acts on it.</p>
${session === undefined ? verdict !== null && html`<p>Found ${verdict}.</p>` : verdictForm(incident.id, verdict, session)}</div></section>`;
}

const accepted = (proposals: readonly Proposal[]): string =>
  proposals.every(({ acceptedBy }) => acceptedBy === 'promtool')
    ? 'promtool accepts them; nothing loads them'
    : "by PromQL's grammar they are right; nothing loads them";

function verdictForm(incidentId: number, verdict: Analysis['verdict'], session: Session): Html {
  return html`<form method="post" action="/incidents/${incidentId}/verdict" class="decision"><input type="hidden" name="csrf" value="${session.csrfToken}">
<span>${verdict === null ? 'Was it right?' : `Found ${verdict}. Change that:`}</span><button name="verdict" value="right">Right</button><button name="verdict" value="wrong">Wrong</button></form>`;
}
