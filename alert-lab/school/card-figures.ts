import type { Flight, PilotName } from './flight.ts';
import type { Card } from './grade.ts';
import { CONTRIBUTING, IMPROVEMENTS } from './postmortem-answers.ts';
import type { Mission } from './read-missions.ts';

const duration = (seconds: number | null) => (seconds === null ? 'never' : `${seconds} s`);
const percent = (ratio: number) => `${(ratio * 100).toFixed(2)} %`;
/** As the reader of a card calls them. */
export const nameOf = (pilot: PilotName) => (pilot === 'person' ? 'you' : pilot);
const yes = (is: boolean) => (is ? 'right' : 'not named');

/** What a card says, in words: what, how it was, and what would have been right. */
export const figuresOf = (
  flight: Flight,
  card: Card,
  mission: Mission,
): readonly (readonly [string, string, string])[] => [
  ['acknowledged', duration(card.acknowledgeSeconds), duration(mission.targets.acknowledge)],
  ['localised', duration(card.localiseSeconds), duration(mission.targets.localise)],
  [
    'mitigated',
    card.mitigatedBy === null
      ? 'never'
      : `${duration(card.mitigateSeconds)}, by ${card.mitigatedBy === 'pilot' ? nameOf(flight.pilot) : card.mitigatedBy}`,
    duration(mission.targets.mitigate),
  ],
  ['impact', yes(card.isImpactRight), mission.impact],
  ['root', yes(card.isServiceRight), mission.fault.truth.service.join(' or ')],
  [
    'trigger',
    yes(card.isTriggerRight),
    [mission.fault.truth.cause.join(' or '), mission.fault.truth.instance ?? []].flat().join(' '),
  ],
  [
    'contributing',
    yes(card.isContributingRight),
    mission.contributing.map((each) => CONTRIBUTING[each]).join('; or: '),
  ],
  [
    'improved',
    yes(card.isImprovementRight),
    mission.improve.map((each) => IMPROVEMENTS[each]).join('; or: '),
  ],
  ['budget spent', percent(card.budgetSpent), percent(mission.targets.budget)],
  ['wrong acts', card.wrongActs.join(', ') || 'none', 'none'],
  ['hints', `${card.hintCost} points`, ''],
];
