import type { Incident } from '../../incidents/incident.ts';
import type { Board, BoardSlo } from '../board/board.ts';
import { budgetText, forecastText, objectivePercent, serviceAddress, stateBadgeOf } from '../board/words.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import type { Session } from '../session/session-cookie.ts';
import { webLink } from '../web-link.ts';
import { graphsSection } from './graphs-section.ts';
import { incidentLines } from './incident-lines.ts';

export interface SloPageContent {
  /** Undefined while Prometheus does not say. */
  readonly slo: BoardSlo | undefined;
  readonly name: string;
  readonly service: string | undefined;
  readonly board: Board;
  /** Of the service, open ones first. */
  readonly incidents: readonly Incident[];
  readonly grafanaUrl: string | undefined;
  readonly session: Session | undefined;
}

/** One SLO: how it stands, how fast it burns, how long its budget lasts. */
export function sloPage(content: SloPageContent): string {
  const { slo, name, board, incidents, session } = content;
  const service = slo?.service ?? content.service;
  const query = service === undefined ? '' : `?service=${encodeURIComponent(service)}`;
  const path = `/slos/${encodeURIComponent(name)}`;
  return page({
    title: name,
    path,
    session,
    announcement:
      slo === undefined ? `${name} is not known now.` : `${name}: ${budgetText(slo)} of the budget.`,
    content: html`<h1>${name} <span class="faint">SLO</span></h1>
<div id="head" data-live>${slo === undefined ? html`<p class="notice bad">${board.missing[0] ?? 'Prometheus has not recorded this SLO.'}</p>` : figures(slo)}</div>
<p class="links">${service !== undefined && html`<a href="${serviceAddress(service)}">Service ${service}</a>`}
${board.grafana && content.grafanaUrl !== undefined && webLink('In Grafana', `${content.grafanaUrl}/d/slo-detail?var-slo=${encodeURIComponent(name)}&var-service=${encodeURIComponent(service ?? '')}`)}
<a href="/runbooks/ErrorBudgetBurn">Runbook</a></p>
${graphsSection(`/api/slos/${encodeURIComponent(name)}/graphs${query}`, 'Solid: what was. Dashed: the forecast, with its bounds.')}
<div id="incidents" data-live>${incidentLines(incidents)}</div>`,
  });
}

function figures(slo: BoardSlo): Html {
  const { state, objective, budgetLeft, burnRate } = slo;
  return html`<dl class="figures">
<div><dt>State</dt><dd class="words">${stateBadgeOf(state)}</dd></div>
<div><dt>Objective</dt><dd>${objective === null ? '' : objectivePercent(objective)}</dd></div>
<div class="${budgetLeft !== null && budgetLeft <= 0 && 'bad'}"><dt>Budget left</dt><dd>${budgetLeft !== null && budgetLeft <= 0 ? 'none' : budgetText(slo)}</dd></div>
<div class="${burnRate !== null && burnRate > 1 && 'attention'}"><dt>Burn rate, 1 h</dt><dd>${burnRate === null ? html`<span class="faint">none</span>` : Number(burnRate.toPrecision(2))}</dd></div>
<div><dt>Forecast</dt><dd class="words">${forecastText(slo)}</dd></div></dl>`;
}
