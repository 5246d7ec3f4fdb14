import { COLORS, type Levels, levels, NO_LEVELS } from '../panels/levels.ts';
import { stat } from '../panels/stat.ts';
import * as queries from '../queries/chaos.ts';

const figure = (
  title: string,
  description: string,
  expression: string,
  more: { readonly unit?: string; readonly decimals?: number; readonly levels?: Levels } = {},
) =>
  stat({
    title,
    description,
    unit: 'none',
    decimals: 0,
    expression,
    levels: NO_LEVELS,
    ...more,
    noValue: 'No report',
  });

export const experiments = () =>
  figure(
    'Experiments',
    'Of the programme that was last sent within the time shown: npm run -s lab -- chaos-push.',
    queries.experiments,
  );

export const faults = () =>
  figure('Faults', 'Faults that were played, pairs counted as two.', queries.faultsPlayed);

export const met = () =>
  figure('Goals met', 'Of the goals about which something was played.', queries.goalsMet, {
    levels: levels(COLORS.plain, [1, COLORS.good]),
  });

export const missed = () =>
  figure('Goals missed', 'Of the goals about which something was played.', queries.goalsMissed, {
    levels: levels(COLORS.good, [1, COLORS.bad]),
  });

export const falseIncidents = () =>
  figure('False incidents', 'Incidents that opened before anything was broken.', queries.falseIncidents, {
    levels: levels(COLORS.good, [1, COLORS.bad]),
  });

export const quietHours = () =>
  figure(
    'Quiet time',
    'How long nothing was broken before the faults, all experiments together.',
    queries.quietHours,
    {
      unit: 'h',
      decimals: 1,
    },
  );

export const budgetSpent = () =>
  figure(
    'Budget an experiment',
    'Median share of an error budget that an experiment spent, of the SLO that lost most.',
    queries.budgetSpent,
    { unit: 'percentunit', decimals: 2 },
  );
