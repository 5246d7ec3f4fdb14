import { html } from '@aiops-sre/incident-responder/console/html.ts';
import { instant } from '@aiops-sre/incident-responder/console/instants.ts';
import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import { nameOf } from '../card-figures.ts';
import type { Mission } from '../read-missions.ts';
import type { GradedFlight } from '../results.ts';
import { RANKS } from '../school-text.ts';
import { logInFirst, type SchoolPageOptions, schoolPage } from './school-layout.ts';

/** What is told of a mission beforehand, and how it was flown before. */
export function missionPage(
  mission: Mission,
  flown: readonly GradedFlight[],
  common: Pick<SchoolPageOptions, 'session' | 'consoleUrl'>,
): string {
  const { name, number, rank, title, briefing, teaches, targets, hints, limit } = mission;
  const { session, consoleUrl } = common;
  return schoolPage({
    ...common,
    title,
    path: `/missions/${name}`,
    content: html`<p class="faint"><a href="/">Flight school</a>, rank ${rank}: ${RANKS[rank - 1]}</p><h1>${number}. ${title}</h1>
<p>${briefing}</p><p class="faint">It teaches ${teaches}.</p>
<dl class="figures"><div><dt>Acknowledge within</dt><dd>${duration(targets.acknowledge * 1000)}</dd></div>
<div><dt>Name the root within</dt><dd>${duration(targets.localise * 1000)}</dd></div>
<div><dt>Mitigate within</dt><dd>${duration(targets.mitigate * 1000)}</dd></div>
<div><dt>Budget to spend</dt><dd>${(targets.budget * 100).toFixed(1)} %</dd></div></dl>
<p>Times count from the page. It waits until the stack is calm, begins within a minute of that, and ends after ${duration(limit * 1000)} at the latest; then everything
is put back. There are ${hints.length} hints, which cost points, as wrong acts do.</p>
${
  session === undefined
    ? logInFirst(consoleUrl)
    : html`<form method="post" action="/missions/${name}/fly"><input type="hidden" name="csrf" value="${session.csrfToken}"><button class="primary">Fly it</button></form>`
}
${
  flown.length > 0 &&
  html`<section aria-labelledby="flown-title"><h2 id="flown-title">Flown before</h2><ul class="list">${flown
    .toReversed()
    .map(
      ({ flight, card }) =>
        html`<li><a href="/flights/${flight.beganMs}">${instant(flight.beganMs)}</a> by ${nameOf(flight.pilot)}: ${card.points === null ? `not graded (${flight.ended})` : `${card.points} points`}</li>`,
    )}</ul></section>`
}`,
  });
}
