import { STATE } from '@aiops-sre/conventions/queries/slo.ts';
import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { Incident } from '../../incidents/incident.ts';
import type { WatchdogState } from '../../intake/watchdog.ts';
import { severityBadge, statusBadge } from '../badges.ts';
import { type Board, type BoardSlo, latestOf } from '../board/board.ts';
import { verdictOf } from '../board/verdict.ts';
import {
  anomalyAddress,
  anomalyName,
  budgetText,
  forecastText,
  objectivePercent,
  sloAddress,
  stateBadgeOf,
  toneOfService,
} from '../board/words.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { burnDown } from '../pictures/burn-down.ts';
import { serviceMap } from '../pictures/service-map.ts';
import { bandSparkline } from '../pictures/sparkline.ts';
import type { Session } from '../session/session-cookie.ts';
import { webLink } from '../web-link.ts';
import { serviceTable } from './service-table.ts';
import { tour } from './tour.ts';
import { watchdogSentence } from './watchdog-sentence.ts';

const SLOS_SHOWN = 24;
const SERVICES_SHOWN = 12;
const INCIDENTS_SHOWN = 5;

export interface HomePageContent {
  readonly board: Board;
  /** Newest first. */
  readonly unresolved: readonly Incident[];
  /** Actions that wait for a person. */
  readonly waiting: number;
  readonly firingCount: number;
  readonly watchdog: WatchdogState;
  /** Of each rotation; null: nobody. Empty without a roster. */
  readonly onCall: readonly (string | null)[];
  readonly grafanaUrl: string | undefined;
  readonly schoolUrl: string | undefined;
  readonly session: Session | undefined;
  readonly nowMs: number;
}

/** Are we fine? Then what that is made of, and what to try. */
export function homePage(content: HomePageContent): string {
  const { board, unresolved, waiting, firingCount, watchdog, onCall, session, nowMs } = content;
  const verdict = verdictOf({ board, unresolved, watchdog });
  const onTrack = board.slos.filter(({ state }) => state === STATE.onTrack).length;
  const troubled = board.services.filter((each) => ['bad', 'attention'].includes(toneOfService(each))).length;
  return page({
    title: verdict.tone === 'good' ? 'Fine' : verdict.text.split(/[.:]/, 1)[0]!,
    path: '/',
    session,
    announcement: verdict.text,
    content: html`<div id="verdict" data-live class="verdict ${verdict.tone}"><p class="faint">Are we fine?</p>
<h1>${verdict.text}</h1></div>
${tour()}
<dl class="figures" id="figures" data-live>
<div class="${onTrack < board.slos.length && 'attention'}"><dt>SLOs on track</dt><dd>${onTrack} of ${board.slos.length}</dd></div>
<div class="${unresolved.length > 0 && 'bad'}"><dt>Open incidents</dt><dd>${unresolved.length}</dd></div>
<div class="${waiting > 0 && 'attention'}"><dt>Wait for approval</dt><dd>${waiting}</dd></div>
<div class="${board.anomalies.length > 0 && 'attention'}"><dt>Anomalies</dt><dd>${board.anomalies.length}</dd></div>
${onCall.length > 0 && html`<div class="${onCall.includes(null) && 'attention'}"><dt>On call</dt><dd class="words"><a href="/on-call">${onCall.map((name) => name ?? 'nobody').join(', ')}</a></dd></div>`}
<div class="${troubled > 0 && 'attention'}"><dt>Services in trouble</dt><dd>${troubled} of ${board.services.length}</dd></div>
</dl>
<div id="incidents" data-live>${unresolved.length > 0 && incidentsSection(unresolved, nowMs)}</div>
<section aria-labelledby="slos-title" id="slos-part"><h2 id="slos-title">Service level objectives</h2>
<div id="slos" data-live class="grid">${slosOf(board)}</div></section>
<section aria-labelledby="services-title" id="services-part"><h2 id="services-title">Services</h2>
<div id="services" data-live>${servicesOf(board)}</div></section>
<section aria-labelledby="anomalies-title" id="anomalies-part"><h2 id="anomalies-title">Anomalies</h2>
<div id="anomalies" data-live class="grid">${anomaliesOf(board)}</div></section>
<section aria-labelledby="platform-title" id="platform-part"><h2 id="platform-title">The platform itself</h2>
<div id="platform" data-live>${platformOf(board, watchdog, firingCount)}</div></section>
<section aria-labelledby="next-title" id="next-part"><h2 id="next-title">What to try next</h2>
${nextSteps(content)}</section>`,
  });
}

function incidentsSection(unresolved: readonly Incident[], nowMs: number): Html {
  return html`<section aria-labelledby="incidents-title"><h2 id="incidents-title">Open incidents</h2>
${unresolved.slice(0, INCIDENTS_SHOWN).map(
  ({ id, title, severity, status, startedAtMs, hypotheses: [root], acknowledgedBy }) =>
    html`<article class="card edge-${severity.toLowerCase()}"><h3>${severityBadge(severity)} <a href="/incidents/${id}">${title}</a> ${statusBadge(status)}</h3>
<p>${root === undefined ? html`<span class="faint">No probable root yet.</span>` : html`${root.summary} <span class="faint">${Math.round(root.confidence * 100)} % sure.</span>`}
<span class="faint">Since ${duration(nowMs - startedAtMs)}${acknowledgedBy === null ? ', nobody has taken it on' : `, taken on by ${acknowledgedBy}`}.</span></p></article>`,
)}
${unresolved.length > INCIDENTS_SHOWN && html`<p><a href="/incidents">All ${unresolved.length} open incidents</a></p>`}</section>`;
}

function slosOf({ slos, missing }: Board): Html {
  if (slos.length === 0)
    return html`<p class="faint">${missing.length > 0 ? 'Not known.' : html`None yet. <code>npm run -s slo -- adopt SERVICE</code> proposes some for a service that sends telemetry.`}</p>`;
  return html`${slos.slice(0, SLOS_SHOWN).map(sloCard)}${slos.length > SLOS_SHOWN && html`<details id="more-slos"><summary>${slos.length - SLOS_SHOWN} more SLOs</summary>${slos.slice(SLOS_SHOWN).map(sloCard)}</details>`}`;
}

function sloCard(slo: BoardSlo): Html {
  const burn = slo.burnRate === null ? 'no traffic' : `burns ${Number(slo.burnRate.toPrecision(2))}×`;
  return html`<article class="card slo"><h3><a href="${sloAddress(slo)}">${slo.name}</a> ${stateBadgeOf(slo.state)}</h3>
${burnDown(slo)}
<p><strong>${budgetText(slo)}</strong> <span class="faint">${slo.budgetLeft !== null && slo.budgetLeft > 0 && 'of the budget left, '}${forecastText(slo)}; ${burn}, objective ${slo.objective === null ? 'not known' : objectivePercent(slo.objective)}</span></p></article>`;
}

function servicesOf(board: Board): Html {
  const { services, calls, missing } = board;
  if (services.length === 0)
    return html`<p class="faint">${missing.length > 0 ? 'Not known.' : html`No service sends spans yet. <code>npm run connect -- --service NAME</code> says how one does.`}</p>`;
  const tones = new Map(services.map((each) => [each.name, toneOfService(each)]));
  const map = serviceMap(calls, (name) => tones.get(name));
  return html`${serviceTable(services.slice(0, SERVICES_SHOWN))}
${services.length > SERVICES_SHOWN && html`<p><a href="/services">All ${services.length} services</a></p>`}
${map !== null && html`<div class="scroll map-frame" tabindex="0" role="region" aria-label="Who calls whom">${map}</div>`}`;
}

function anomaliesOf({ anomalies, missing }: Board): Html {
  if (anomalies.length === 0)
    return html`<p class="faint">${missing.length > 0 ? 'Not known.' : 'Nothing is unusual.'}</p>`;
  return html`${anomalies.map((anomaly) => {
    const [value, expected] = [latestOf(anomaly.value), latestOf(anomaly.expected)];
    return html`<article class="card"><h3><a href="${anomalyAddress(anomaly)}">${anomalyName(anomaly)}</a></h3>
${bandSparkline(anomaly)}<p class="faint">${value === null ? 'No value now' : `Now ${Number(value.toPrecision(3))}`}${expected !== null && `, expected ${Number(expected.toPrecision(3))}`}; the last hour in its band</p></article>`;
  })}`;
}

function platformOf(board: Board, watchdog: WatchdogState, firingCount: number): Html {
  const { targets, notReady, missing, atMs } = board;
  const problems = [
    ...missing,
    ...targets.down.map((target) => `Down: ${target}`),
    ...notReady.map((name) => `Runs and is not ready: ${name}`),
  ];
  return html`${problems.length === 0 ? html`<p class="calm">All ${targets.all} targets answer.</p>` : html`<ul class="list">${problems.map((problem) => html`<li>${problem}</li>`)}</ul>`}
<p class="faint">Watchdog: ${watchdogSentence(watchdog)}. <a href="/notifications">${firingCount} ${firingCount === 1 ? 'alert' : 'alerts'} firing</a>. ${atMs !== null && `Read at ${new Date(atMs).toISOString().slice(11, 19)} UTC.`}</p>`;
}

function nextSteps({ board, grafanaUrl, schoolUrl, unresolved }: HomePageContent): Html {
  const steps = [
    unresolved.length > 0 &&
      html`<li><a href="/incidents/${unresolved[0]!.id}">Look at the newest incident</a>: what changed, what it would take to end it.</li>`,
    html`<li>Bring a service of your own: <code>npm run connect -- --service NAME</code>.</li>`,
    html`<li>Break something and watch it being found: <code>npm run -s lab -- list</code>, then <code>npm run -s lab -- run slow-identity-provider</code>.</li>`,
    html`<li>Learn to find what is wrong yourself: <code>npm run -s learn -- --serve</code> serves ${schoolUrl === undefined ? 'flight school' : webLink('flight school', `${schoolUrl}/`)} in 24 missions and ${schoolUrl === undefined ? 'ten lessons' : webLink('ten lessons', `${schoolUrl}/read/docs/learn/README.md`)}.</li>`,
    html`<li>Read a <a href="/runbooks">runbook</a> before you need it.</li>`,
    board.grafana &&
      grafanaUrl !== undefined &&
      html`<li>Look closer in <a href="${grafanaUrl}/d/slo-overview" rel="noreferrer">Grafana</a>.</li>`,
  ];
  return html`<ul class="list">${steps}</ul><p><button id="tour-again" class="quiet" hidden>Take the tour</button></p>`;
}
