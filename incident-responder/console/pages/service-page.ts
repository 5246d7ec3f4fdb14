import type { Incident } from '../../incidents/incident.ts';
import { type Board, latestOf, type Past } from '../board/board.ts';
import {
  anomalyAddress,
  anomalyName,
  budgetText,
  percent,
  rateText,
  secondsText,
  serviceAddress,
  sloAddress,
  stateBadgeOf,
  toneOfService,
} from '../board/words.ts';
import { SPANS_HOURS, type SpanHours } from '../graphs/service-graphs.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { serviceMap } from '../pictures/service-map.ts';
import type { Session } from '../session/session-cookie.ts';
import { webLink } from '../web-link.ts';
import { graphsSection, spanLinks } from './graphs-section.ts';
import { incidentLines } from './incident-lines.ts';

export interface ServicePageContent {
  readonly name: string;
  readonly hours: SpanHours;
  readonly board: Board;
  /** Open ones first. */
  readonly incidents: readonly Incident[];
  readonly grafanaUrl: string | undefined;
  readonly session: Session | undefined;
}

/** One service: how it answers, its SLOs and anomalies, whom it calls and who calls it. */
export function servicePage(content: ServicePageContent): string {
  const { name, hours, board, incidents, grafanaUrl, session } = content;
  const service = board.services.find((each) => each.name === name);
  const slos = board.slos.filter((each) => each.service === name);
  const anomalies = board.anomalies.filter((each) => each.service === name);
  const tones = new Map(board.services.map((each) => [each.name, toneOfService(each)]));
  const neighbours = board.calls.filter(({ client, server }) => client === name || server === name);
  const isCalled = neighbours.some(({ server }) => server === name);
  const map = serviceMap(neighbours, (each) => tones.get(each));
  const address = serviceAddress(name);
  return page({
    title: name,
    path: address,
    session,
    announcement: `${name}: ${slos.length} SLOs, ${anomalies.length} anomalies.`,
    content: html`<h1>${name} <span class="faint">service</span></h1>
<div id="head" data-live>${
      service === undefined
        ? html`<p class="notice ${isCalled ? 'good' : 'bad'}">${board.missing[0] ?? (isCalled ? 'It sends no spans itself: what is known of it is what its callers tell.' : 'Nothing is known of this service now: it has sent no spans in the last hour.')}</p>`
        : html`<dl class="figures">
${latest('Requests', service.rate, rateText)}${latest('Failed', service.failed, percent)}${latest('Answered, 95 %', service.p95, secondsText)}
<div><dt>SLOs</dt><dd class="words">${stateBadgeOf(service.state)}</dd></div></dl>`
    }</div>
<p class="links">${
      board.grafana &&
      grafanaUrl !== undefined &&
      ['service', 'tracing', 'logs'].map(
        (uid) =>
          html`${webLink(`${uid === 'service' ? 'In Grafana' : uid === 'tracing' ? 'Traces' : 'Logs'}`, `${grafanaUrl}/d/${uid}?var-service=${encodeURIComponent(name)}`)} `,
      )
    }</p>
<div id="parts" data-live>${slos.length > 0 && html`<h2>SLOs</h2><ul class="list">${slos.map((slo) => html`<li>${stateBadgeOf(slo.state)} <a href="${sloAddress(slo)}">${slo.name}</a> <span class="faint">budget left: ${budgetText(slo)}</span></li>`)}</ul>`}
${anomalies.length > 0 && html`<h2>Anomalies</h2><ul class="list">${anomalies.map((anomaly) => html`<li><a href="${anomalyAddress(anomaly)}">${anomalyName(anomaly)}</a></li>`)}</ul>`}
${incidentLines(incidents)}</div>
${spanLinks(`${address}?`, SPANS_HOURS, hours)}
${graphsSection(`/api${address}/graphs?hours=${hours}`, 'In green: the band that was expected.')}
<div id="neighbours" data-live>${map !== null && html`<h2>Neighbours</h2><div class="scroll map-frame" tabindex="0" role="region" aria-label="Who calls whom">${map}</div>`}</div>`,
  });
}

function latest(title: string, past: Past, text: (value: number) => string): Html {
  const value = latestOf(past);
  return html`<div><dt>${title}</dt><dd>${value === null ? html`<span class="faint">none</span>` : text(value)}</dd></div>`;
}
