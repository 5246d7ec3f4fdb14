import type { Incident } from '../../incidents/incident.ts';
import { severityBadge, statusBadge } from '../badges.ts';
import { type Html, html } from '../html.ts';
import { instant } from '../instants.ts';

/** Incidents as a short list, for pages about something else. */
export function incidentLines(incidents: readonly Incident[]): Html | null {
  if (incidents.length === 0) return null;
  return html`<section aria-labelledby="incidents-title"><h2 id="incidents-title">Its incidents</h2><ul class="list">${incidents.map(
    ({ id, title, severity, status, startedAtMs }) =>
      html`<li>${severityBadge(severity)} <a href="/incidents/${id}">${title}</a> ${statusBadge(status)} <span class="faint">${instant(startedAtMs)}</span></li>`,
  )}</ul></section>`;
}
