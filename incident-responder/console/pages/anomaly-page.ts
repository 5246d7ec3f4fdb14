import type { Labels } from '@aiops-sre/service-kit/prometheus/samples.ts';
import type { Board } from '../board/board.ts';
import { anomalyName, serviceAddress } from '../board/words.ts';
import { SPANS_HOURS, type SpanHours } from '../graphs/service-graphs.ts';
import { html } from '../html.ts';
import { page } from '../layout.ts';
import type { Session } from '../session/session-cookie.ts';
import { webLink } from '../web-link.ts';
import { graphsSection, spanLinks } from './graphs-section.ts';

export interface AnomalyPageContent {
  readonly rule: string;
  /** Of the detector's gauges, `service` among them. */
  readonly labels: Labels;
  readonly hours: SpanHours;
  readonly board: Board;
  readonly grafanaUrl: string | undefined;
  readonly session: Session | undefined;
}

/** One watched series: what came, what was expected, and how far off it was. */
export function anomalyPage({ rule, labels, hours, board, grafanaUrl, session }: AnomalyPageContent): string {
  const { service = '', ...others } = labels;
  const name = anomalyName({ rule, service, labels: others });
  const active = board.anomalies.some(
    (each) =>
      each.rule === rule &&
      (service === '' || each.service === service) &&
      Object.entries(others).every(([label, value]) => each.labels[label] === value),
  );
  const query = `${new URLSearchParams(labels)}&`.replace(/^&/, '');
  const path = `/anomalies/${encodeURIComponent(rule)}`;
  return page({
    title: name,
    path,
    session,
    announcement: `${name} is ${active ? 'unusual' : 'as usual'}.`,
    content: html`<h1>${name} <span class="faint">watched series</span></h1>
<p id="head" data-live>${active ? html`<span class="badge attention">anomaly</span> It is outside of what was expected now.` : html`<span class="badge good">as usual</span> Nothing is unusual about it now.`}</p>
<p class="links">${service !== '' && html`<a href="${serviceAddress(service)}">Service ${service}</a>`}
${board.grafana && grafanaUrl !== undefined && webLink('In Grafana', `${grafanaUrl}/d/anomalies?var-rule=${encodeURIComponent(rule)}&var-about=${encodeURIComponent(service)}`)}
<a href="/runbooks/Anomaly">Runbook</a></p>
${spanLinks(`${path}?${query}`, SPANS_HOURS, hours)}
${graphsSection(`/api${path}/graphs?${query}hours=${hours}`, 'Solid: the value. Dashed: what was expected, in its 95 % band.')}`,
  });
}
