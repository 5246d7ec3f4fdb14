import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { IncidentAlert } from '../../incidents/incident.ts';
import { alertStatusBadge, roleBadge } from '../badges.ts';
import { type Html, html } from '../html.ts';
import { timeOfDay } from '../instants.ts';
import { webLink } from '../web-link.ts';

const SHOWN = 100;

/** Alerts of an incident: those to look at first, and those that its root explains, folded. */
export function incidentAlerts(alerts: readonly IncidentAlert[], alertCount: number, nowMs: number): Html {
  const symptoms = alerts.filter(({ role }) => role === 'symptom');
  const others = alerts.filter(({ role }) => role !== 'symptom');
  return html`<section aria-labelledby="alerts-title"><h2 id="alerts-title">Alerts</h2>
<div id="alerts" data-live>
${others.length > 0 && table(others, 'Alerts to look at', nowMs)}
${symptoms.length > 0 && html`<details id="symptoms"><summary>${symptoms.length} ${symptoms.length === 1 ? 'symptom' : 'symptoms'}: explained by the probable root</summary>${table(symptoms, 'Symptoms', nowMs)}</details>`}
${alertCount > alerts.length && html`<p class="faint">${alertCount - alerts.length} more are not shown.</p>`}
</div></section>`;
}

function table(alerts: readonly IncidentAlert[], label: string, nowMs: number): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>
<thead><tr><th>Alert</th><th>Service</th><th>State</th><th>Role</th><th>Since</th><th>Lasted</th><th>See</th></tr></thead>
<tbody>${alerts.slice(0, SHOWN).map(
    ({ alertname, service, labels, annotations, status, role, startsAtMs, endsAtMs }) => html`<tr>
<td><strong>${alertname}</strong><br><span class="faint">${annotations.summary ?? ''}</span></td>
<td>${service}${labels.instance !== undefined && html`<br><span class="faint">${labels.instance}</span>`}</td>
<td>${alertStatusBadge(status)}</td><td>${roleBadge(role)}</td>
<td class="nowrap">${timeOfDay(startsAtMs)}</td><td class="number">${duration((endsAtMs ?? nowMs) - startsAtMs)}</td>
<td class="nowrap">${webLink('Runbook', annotations.runbook_url)} ${webLink('Dashboard', annotations.dashboard_url)}</td></tr>`,
  )}</tbody></table></div>
${alerts.length > SHOWN && html`<p class="faint">and ${alerts.length - SHOWN} more</p>`}`;
}
