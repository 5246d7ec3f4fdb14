import { markdownTable } from '../markdown-table.ts';
import type { PilotName } from './flight.ts';
import type { Mission } from './read-missions.ts';
import { type GradedFlight, lastFlown } from './results.ts';

/** How a pilot flies the ladder: its last flight of each mission that came to its end; null where there is none. */
export function schoolReport(
  missions: readonly Mission[],
  graded: readonly GradedFlight[],
  pilot: PilotName,
) {
  const rows = missions.map(({ name, number, rank, title }) => {
    const last = lastFlown(graded, name, pilot);
    return {
      ...{ mission: name, number, rank, title },
      flown: last === undefined ? null : { at: new Date(last.flight.beganMs).toISOString(), ...last.card },
    };
  });
  return { pilot, rows };
}
type SchoolReport = ReturnType<typeof schoolReport>;

export function schoolMarkdown({ pilot, rows }: SchoolReport): string {
  const flown = rows.flatMap(({ flown }) => (flown === null ? [] : [flown]));
  const share = (count: number) => `${count} of ${flown.length}`;
  const mean = flown.reduce((sum, { points }) => sum + (points ?? 0), 0) / flown.length;
  const own = pilot === 'responder' ? 'responder' : 'pilot';
  return `# Flight school: ${pilot === 'responder' ? 'the responder alone' : pilot}

Written by \`npm run -s learn -- --pilot ${pilot} --out alert-lab/missions\`: ${flown.length} of ${rows.length} missions, graded as a person's
([how](../README.md#flight-school)). Where nobody was paged there are no points.${pilot === 'responder' ? " It states no impact and writes no postmortem's answers: 80 points are the most that it can have." : ''}

${
  flown.length === 0
    ? 'None flown yet.'
    : `On average ${mean.toFixed(0)} points. Right root: ${share(flown.filter(({ isServiceRight }) => isServiceRight).length)}; with its trigger: ${share(flown.filter(({ isTriggerRight }) => isTriggerRight).length)}.
Mitigated by it: ${share(flown.filter(({ mitigatedBy }) => mitigatedBy === own).length)}. Missions with wrong acts: ${share(flown.filter(({ wrongActs }) => wrongActs.length > 0).length)}.`
}

${markdownTable(
  [
    '',
    'mission',
    'rank',
    'points',
    'root',
    'trigger',
    'localised',
    'mitigated',
    'budget spent',
    'wrong acts',
  ],
  rows.map(({ mission, number, rank, flown }) => [
    String(number),
    mission,
    String(rank),
    ...(flown === null
      ? ['not flown', '', '', '', '', '', '']
      : [
          // Nobody is graded for what nobody was paged of.
          flown.points === null ? 'never paged' : String(flown.points),
          flown.isServiceRight ? 'right' : 'no',
          flown.isTriggerRight ? 'right' : 'no',
          seconds(flown.localiseSeconds),
          flown.mitigatedBy === own ? seconds(flown.mitigateSeconds) : (flown.mitigatedBy ?? 'never'),
          `${(flown.budgetSpent * 100).toFixed(2)} %`,
          flown.wrongActs.join(', ') || 'none',
        ]),
  ]),
)}

Times are from the page. A root of the wrong service is never localised.
`;
}

const seconds = (value: number | null) => (value === null ? 'never' : `${value} s`);
