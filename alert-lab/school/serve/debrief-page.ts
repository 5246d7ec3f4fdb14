import { type Html, html } from '@aiops-sre/incident-responder/console/html.ts';
import { instant } from '@aiops-sre/incident-responder/console/instants.ts';
import { CAUSE_KINDS } from '@aiops-sre/incident-responder/incidents/incident.ts';
import { figuresOf, nameOf } from '../card-figures.ts';
import type { Flight } from '../flight.ts';
import { CONTRIBUTING, IMPROVEMENTS } from '../postmortem-answers.ts';
import type { GradedFlight } from '../results.ts';
import { replayPicture } from './replay-picture.ts';
import { logInFirst, type SchoolPageOptions, schoolPage } from './school-layout.ts';

type Common = Pick<SchoolPageOptions, 'session' | 'consoleUrl'>;

/** Whether its pilot still has to say what is to be learnt of it: what was true is not told before that. */
export const awaitsPostmortem = ({ pilot, ended, contributing, improve }: Flight): boolean =>
  (pilot === 'person' || pilot === 'agent') &&
  ended !== 'interrupted' &&
  (contributing === null || improve === null);

/** The postmortem's form; once it is there, the card and the replay. */
export function debriefPage(graded: GradedFlight, services: readonly string[], common: Common): string {
  const { flight, mission } = graded;
  const awaits = awaitsPostmortem(flight);
  return schoolPage({
    ...common,
    title: awaits ? `Postmortem of ${mission.title}` : mission.title,
    path: `/flights/${flight.beganMs}`,
    content: html`<p class="faint"><a href="/missions/${mission.name}">Mission ${mission.number}</a>, ${instant(flight.beganMs)}, by ${nameOf(flight.pilot)}</p>
<h1>${awaits ? 'What is to be learnt of it?' : mission.title}</h1>
${awaits ? postmortem(flight, services, common) : debrief(graded)}`,
  });
}

function postmortem({ beganMs, root }: Flight, services: readonly string[], common: Common): Html {
  if (common.session === undefined) return logInFirst(common.consoleUrl);
  const options = (values: readonly string[], chosen: string | undefined) =>
    values.map((value) => html`<option${value === chosen && html` selected`}>${value}</option>`);
  const answers = (words: Readonly<Record<string, string>>) =>
    html`<option value="">Choose</option>${Object.entries(words).map(([key, text]) => html`<option value="${key}">${text}</option>`)}`;
  return html`<p class="lead">It is over, and everything is put back. A postmortem names no guilty: it says what made it possible, and what is to be better.</p>
<form method="post" action="/flights/${beganMs}/postmortem" class="stacked wide card"><input type="hidden" name="csrf" value="${common.session.csrfToken}">
<label for="service">Root</label><select id="service" name="service" required><option value="">Not found</option>${options(services, root?.service)}</select>
<label for="cause">What of it</label><select id="cause" name="cause">${options(CAUSE_KINDS, root?.cause)}</select>
<label for="instance">Instance, if one is to blame</label><input id="instance" name="instance" maxlength="60" value="${root?.instance ?? ''}" autocomplete="off">
<label for="contributing">What let it hurt so much, or for so long?</label><select id="contributing" name="contributing" required>${answers(CONTRIBUTING)}</select>
<label for="improve">Which alert or objective should tell of it the next time?</label><select id="improve" name="improve" required>${answers(IMPROVEMENTS)}</select>
<button class="primary">Finish the postmortem</button></form>`;
}

function debrief({ flight, mission, card }: GradedFlight): Html {
  const { points } = card;
  const tone = points === null ? 'attention' : points >= 80 ? 'good' : points >= 50 ? 'attention' : 'bad';
  return html`<div class="verdict ${tone}"><p>${points === null ? `Not graded: ${flight.problems.join(', ') || 'nobody was paged'}` : html`<strong>${points} of 100 points</strong>`}</p></div>
<p>It was: ${mission.fault.description}. ${mission.fault.users}</p>
<h2>Card</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Card"><table><thead><tr><th scope="col">What</th><th scope="col">Was</th><th scope="col">Right or target</th></tr></thead><tbody>${figuresOf(
    flight,
    card,
    mission,
  ).map(
    ([what, was, target]) => html`<tr><th scope="row">${what}</th><td>${was}</td><td>${target}</td></tr>`,
  )}</tbody></table></div>
<h2>Replay</h2>
${replayPicture(flight)}
<h2>What would have helped</h2>
<ul class="list">${mission.docs.map((file) => html`<li><a href="/read/${file}">${file}</a></li>`)}</ul>
<p><a href="/missions/${mission.name}">Fly it again</a>, or <a href="/">another one</a>.</p>`;
}
