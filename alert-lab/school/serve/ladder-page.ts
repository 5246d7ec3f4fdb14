import { type Html, html } from '@aiops-sre/incident-responder/console/html.ts';
import type { PilotName } from '../flight.ts';
import type { Mission } from '../read-missions.ts';
import { bestOf, type GradedFlight } from '../results.ts';
import { RANKS } from '../school-text.ts';
import { type SchoolPageOptions, schoolPage } from './school-layout.ts';

type Common = Pick<SchoolPageOptions, 'session' | 'consoleUrl'>;

/** All missions by rank, with the best points of each pilot. */
export function ladderPage(
  missions: readonly Mission[],
  graded: readonly GradedFlight[],
  common: Common,
): string {
  const best = (mission: Mission, pilot: PilotName) => bestOf(graded, mission.name, pilot);
  const own = missions.flatMap((each) => best(each, 'person') ?? []);
  const sum = own.reduce((total, { card }) => total + card.points, 0);
  const next = missions.find((each) => best(each, 'person') === undefined);
  return schoolPage({
    ...common,
    title: 'Flight school',
    path: '/',
    content: html`<h1>Flight school</h1>
<p class="lead">Something is wrong on the running stack, and what it is, is yours to find out: you are paged, you look with the tools that there are, you
acknowledge, say whom it hurts, find the root, end it, and write the postmortem.</p>
<dl class="figures"><div><dt>Flown</dt><dd>${own.length} of ${missions.length}</dd></div>
<div><dt>Your points</dt><dd>${sum}</dd></div>
<div><dt>Next</dt><dd class="words">${next === undefined ? 'all are flown' : html`<a href="/missions/${next.name}">${next.title}</a>`}</dd></div></dl>
${RANKS.map((rank, index) => {
  const its = missions.filter((each) => each.rank === index + 1);
  return html`<section aria-labelledby="rank-${index + 1}"><h2 id="rank-${index + 1}">${index + 1}. ${rank}</h2>
<div class="grid">${its.map((mission) => missionCard(mission, best))}</div></section>`;
})}`,
  });
}

function missionCard(
  mission: Mission,
  best: (mission: Mission, pilot: PilotName) => ReturnType<typeof bestOf>,
): Html {
  const { name, number, title, teaches } = mission;
  const [you, ...others] = (['person', 'responder', 'agent'] as const).map(
    (pilot) => [pilot, best(mission, pilot)] as const,
  );
  return html`<article class="card"><h3>${number}. <a href="/missions/${name}">${title}</a> ${you?.[1] && pointsBadge(you[1])}</h3>
<p class="faint">${teaches}</p>${others.map(
    ([pilot, flight]) =>
      flight &&
      html`<p class="faint">The ${pilot}: <a href="/flights/${flight.flight.beganMs}">${flight.card.points} points</a></p>`,
  )}</article>`;
}

const pointsBadge = ({ card }: { card: { points: number } }) =>
  html`<span class="badge ${card.points >= 80 ? 'good' : card.points >= 50 ? 'attention' : 'bad'}">${card.points} points</span>`;
