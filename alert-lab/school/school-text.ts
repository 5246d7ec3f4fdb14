import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { figuresOf } from './card-figures.ts';
import type { Flight, PilotName } from './flight.ts';
import type { Card } from './grade.ts';
import type { Mission } from './read-missions.ts';
import { bestOf, type GradedFlight } from './results.ts';

export const RANKS = ['Look', 'Find', 'Decide', 'Command'] as const;

/** The ladder, with the best points of each pilot. */
export function ladderText(missions: readonly Mission[], graded: readonly GradedFlight[]): string {
  const table = plainTable(['', 'mission', 'rank', 'teaches', 'you', 'responder']);
  const best = (mission: string, pilot: PilotName) =>
    String(bestOf(graded, mission, pilot)?.card.points ?? '-');
  for (const { name, number, rank, teaches } of missions)
    table.push([
      String(number),
      name,
      `${rank} ${RANKS[rank - 1]}`,
      teaches,
      best(name, 'person'),
      best(name, 'responder'),
    ]);
  return `${table}\n\nnpm run -s learn -- MISSION flies one on the running stack.`;
}

/** How a flight went: figures, everybody's path on one time line, and what would have helped. */
export function cardText(flight: Flight, card: Card, mission: Mission): string {
  const figures = plainTable(['', 'was', 'right or target']);
  figures.push(...figuresOf(flight, card, mission).map((row) => [...row]));
  const path = plainTable(['s', 'fault', 'responder', flight.pilot === 'responder' ? '' : 'you']);
  for (const { atMs, who, what } of flight.timeline)
    path.push([
      String(Math.round((atMs - flight.beganMs) / 1000)),
      ...(['fault', 'responder', 'pilot'] as const).map((each) => (each === who ? what : '')),
    ]);
  return [
    `${mission.title}: ${card.points === null ? 'not graded' : `${card.points} of 100 points`} (${flight.ended})`,
    ...flight.problems,
    '',
    String(figures),
    '',
    `It was: ${mission.fault.description}. ${mission.fault.users}`,
    '',
    String(path),
    '',
    `What helps: ${mission.docs.join(', ')}`,
  ].join('\n');
}
