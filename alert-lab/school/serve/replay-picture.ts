import { type Html, html } from '@aiops-sre/incident-responder/console/html.ts';
import { nameOf } from '../card-figures.ts';
import type { Flight } from '../flight.ts';

const WHO = ['fault', 'responder', 'pilot'] as const;
const WIDTH = 1000;
const LEFT = 100;
const LANE = 44;
const TICK_SECONDS = [10, 30, 60, 120, 300, 600];
const MOST_TICKS = 8;

/** The fault's way, the responder's and the learner's on one time line: as a picture, and in words. */
export function replayPicture(flight: Pick<Flight, 'pilot' | 'beganMs' | 'endedMs' | 'timeline'>): Html {
  const { pilot, beganMs, endedMs, timeline } = flight;
  const names = { fault: 'fault', responder: 'responder', pilot: nameOf(pilot) };
  const lanes = WHO.filter((who) => who !== 'pilot' || pilot !== 'responder');
  const lastMs = Math.max(endedMs, ...timeline.map(({ atMs }) => atMs), beganMs + 1000);
  const x = (atMs: number) =>
    Math.round(LEFT + ((atMs - beganMs) / (lastMs - beganMs)) * (WIDTH - LEFT - 20));
  const height = lanes.length * LANE + 24;
  const seconds = (atMs: number) => Math.round((atMs - beganMs) / 1000);
  const step = TICK_SECONDS.find((each) => seconds(lastMs) / each <= MOST_TICKS) ?? 1200;
  const ticks = Array.from({ length: Math.floor(seconds(lastMs) / step) + 1 }, (_, index) => index * step);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Time line"><svg class="replay" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="What the ${lanes.map((who) => names[who]).join(', ')} did, on one time line; the table has it in words">
${ticks.map((each) => html`<path class="tick" d="M${x(beganMs + each * 1000)} 4V${height - 22}"/><text class="faint" x="${x(beganMs + each * 1000)}" y="${height - 6}" text-anchor="middle">${each} s</text>`)}
${lanes.map((who, lane) => {
  const y = lane * LANE + LANE / 2;
  return html`<text x="0" y="${y + 5}">${names[who]}</text><path class="lane" d="M${LEFT} ${y}H${WIDTH - 20}"/>${timeline
    .filter((each) => each.who === who)
    .map(
      ({ atMs, what }) =>
        html`<circle class="${who}" cx="${x(atMs)}" cy="${y}" r="7"><title>${seconds(atMs)} s: ${what}</title></circle>`,
    )}`;
})}
</svg></div>
<div class="scroll" tabindex="0" role="region" aria-label="Time line in words"><table class="path"><thead><tr><th scope="col" class="number">Second</th>${lanes.map((who) => html`<th scope="col">${names[who]}</th>`)}</tr></thead><tbody>${timeline.map(
    ({ atMs, who, what }) =>
      html`<tr><td class="number">${seconds(atMs)}</td>${lanes.map((lane) => html`<td>${lane === who && what}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}
