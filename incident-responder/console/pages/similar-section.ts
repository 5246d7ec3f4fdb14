import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { SimilarIncident } from '../../incidents/similar-incidents.ts';
import { type Html, html } from '../html.ts';
import { instant } from '../instants.ts';

/** Incidents of the past that were much like this one, with what helped then. */
export function similarSection(similar: readonly SimilarIncident[]): Html | null {
  if (similar.length === 0) return null;
  return html`<section aria-labelledby="similar-title"><h2 id="similar-title">Similar incidents</h2>
${similar.map(
  ({ id, title, startedAtMs, resolvedAtMs, alike, helped }) => html`<div class="card">
<h3><a href="/incidents/${id}">#${id} ${title}</a></h3>
<p>${helped.length > 0 ? html`What helped: <strong>${helped.join(', ')}</strong>.` : 'It ended without an action.'} <span class="faint">${instant(startedAtMs)}, lasted ${duration(resolvedAtMs - startedAtMs)}; alike in ${alike.join('; ')}</span></p></div>`,
)}</section>`;
}
