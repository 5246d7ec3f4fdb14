import { usersInWords } from '@aiops-sre/investigation/affected-users.ts';
import { dashboardUrl, traceUrl } from '@aiops-sre/investigation/links.ts';
import type { WaterfallLine } from '@aiops-sre/investigation/traces/waterfall.ts';
import type { Findings, RequestFinding } from '../../findings/findings.ts';
import { type Html, html } from '../html.ts';
import { webLink } from '../web-link.ts';

/** What traces and logs say of the incident: what bad requests have in common, where they fail or wait, what is new in the logs. */
export function findingsSection(findings: Findings, grafanaUrl: string | undefined): Html {
  const { service, failing, slow, users, templates, missing } = findings;
  const nothing = failing === null && slow === null && templates.length === 0;
  return html`<section aria-labelledby="findings-title"><h2 id="findings-title">What traces and logs say</h2>
${users && html`<p>${capital(usersInWords(users))} of ${service} or of what calls it had a failed or slow answer.</p>`}
${failing && requests('fail', service, failing, findings, grafanaUrl)}
${slow && requests('are slow', service, slow, findings, grafanaUrl)}
${templates.length > 0 && logs(findings, grafanaUrl)}
${nothing && html`<p class="faint">No trace of a failing or slow request of ${service}, and nothing new in the logs.</p>`}
${missing.length > 0 && html`<p class="faint">Could not be asked: ${missing.join('; ')}.</p>`}</section>`;
}

function requests(
  verb: string,
  service: string,
  finding: RequestFinding,
  { fromMs, untilMs }: Findings,
  grafanaUrl: string | undefined,
): Html {
  const { counted, compared, inCommon, firstErrors, timeSpent, patterns, example } = finding;
  const many = counted === null ? `${compared} traced requests` : `${counted.bad} of ${counted.all} requests`;
  const range = { fromSeconds: fromMs / 1000, toSeconds: untilMs / 1000 };
  return html`<div class="card"><h3>${many} of ${service} ${verb}</h3>
<ul class="reasons findings">${inCommon.map(
    (each) =>
      html`<li><span class="kind">shared</span> <span>${each.service}: ${each.attribute} = ${each.value}, in ${percent(each.shareOfBad)} of them and ${percent(each.shareOfRest)} of the rest</span></li>`,
  )}
${firstErrors.map(
  (each) =>
    html`<li><span class="kind">error</span> <span>first ${each.operation}${each.error !== '' && `: ${each.error}`}, in ${percent(each.share)} of them</span></li>`,
)}
${timeSpent
  .filter(({ share }) => share >= LEAST_SHARE)
  .map(
    (each) =>
      html`<li><span class="kind">time</span> <span>${percent(each.share)} goes to ${each.place}</span></li>`,
  )}
${patterns.map((each) => html`<li><span class="kind">pattern</span> <span>${each}</span></li>`)}</ul>
${example !== null && example.lines.length > 0 && html`<p>One of them ${grafanaUrl !== undefined && html`(${webLink('open the trace', traceUrl(grafanaUrl, example.traceId, range))})`}, what delayed it or failed in colour:</p>${picture(example.lines)}`}</div>`;
}

function logs({ templates, fromMs, untilMs }: Findings, grafanaUrl: string | undefined): Html {
  const range = { fromSeconds: fromMs / 1000, toSeconds: untilMs / 1000 };
  const links = ({ service, traceId }: Findings['templates'][number]) =>
    grafanaUrl === undefined
      ? null
      : html`${webLink('See the logs', dashboardUrl(grafanaUrl, 'logs', service, range))}${traceId !== null && html` ${webLink('Open a trace', traceUrl(grafanaUrl, traceId, range))}`}`;
  return html`<div class="card"><h3>New in the logs</h3><ul class="reasons findings">${templates.map(
    (each) =>
      html`<li><span class="kind">${each.change}</span> <span>${each.service}: ${each.template} <span class="faint">(${each.level}, ${each.lines} ${each.lines === 1 ? 'line' : 'lines'}, ${each.before} before)</span> ${links(each)}</span></li>`,
  )}</ul></div>`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const LEAST_SHARE = 0.1;
const LINE_HEIGHT = 26;
/** Of 1000: where the bars begin. */
const NAMES_WIDTH = 420;

/** SVG, since its attributes need no inline style. */
function picture(lines: readonly WaterfallLine[]): Html {
  const [root] = lines as [WaterfallLine, ...WaterfallLine[]];
  const scale = (1000 - NAMES_WIDTH - 90) / Math.max(root.durationMs, 0.001);
  const at = (ms: number) => Math.min(Math.max(ms, 0), root.durationMs) * scale + NAMES_WIDTH;
  const label = `Spans of a request of ${root.service} that took ${milliseconds(root.durationMs)}`;
  return html`<svg class="waterfall" viewBox="0 0 1000 ${lines.length * LINE_HEIGHT}" role="img" aria-label="${label}">${lines.map(
    ({ service, name, depth, startMs, durationMs, failed, delayedMs }, row) => {
      const y = row * LINE_HEIGHT;
      const tone = failed ? 'failed' : delayedMs >= root.durationMs / 20 ? 'delayed' : '';
      const width = Math.max(2, at(startMs + durationMs) - at(startMs));
      return html`<g><text x="${8 * Math.min(depth, 12)}" y="${y + 18}">${shortened(`${service} ${name}`)}</text><rect class="${tone}" x="${at(startMs).toFixed(1)}" y="${y + 5}" width="${width.toFixed(1)}" height="${LINE_HEIGHT - 10}"/><text class="faint" x="${Math.min(at(startMs) + width + 4, 915).toFixed(1)}" y="${y + 18}">${milliseconds(durationMs)}</text></g>`;
    },
  )}</svg>`;
}

const shortened = (text: string) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
const percent = (share: number) => `${Math.round(share * 100)} %`;
const milliseconds = (ms: number) =>
  ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
