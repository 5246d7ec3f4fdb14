import { type BoardService, latestOf, type Past } from '../board/board.ts';
import { percent, rateText, secondsText, serviceAddress, stateBadgeOf } from '../board/words.ts';
import { type Html, html } from '../html.ts';
import { sparkline } from '../pictures/sparkline.ts';

/** Requests, failures and times to answer of services, a row each, with the last hour of each. */
export function serviceTable(services: readonly BoardService[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Requests, failures and times to answer"><table class="services">
<thead><tr><th>Service</th><th>SLOs</th><th>Requests</th><th>Failed</th><th>Answered, 95 %</th><th>Anomalies</th></tr></thead>
<tbody>${services.map(row)}</tbody></table></div>`;
}

function row({ name, state, rate, failed, p95, anomalies }: BoardService): Html {
  return html`<tr><th scope="row"><a href="${serviceAddress(name)}">${name}</a></th><td>${stateBadgeOf(state)}</td>
${cell('Requests', rate, rateText)}${cell('Failed', failed, percent, 0.02)}${cell('95 % within', p95, secondsText)}
<td class="number count">${anomalies > 0 ? html`<span class="badge attention">${anomalies}</span>` : '0'}</td></tr>`;
}

/** @param most what a full line stands for at least: a share of 0.1 % is no peak */
function cell(label: string, past: Past, text: (value: number) => string, most = 0): Html {
  const latest = latestOf(past);
  return html`<td data-label="${label}"><span class="trend">${sparkline(past, most)}<span>${latest === null ? html`<span class="faint">none</span>` : text(latest)}</span></span></td>`;
}
