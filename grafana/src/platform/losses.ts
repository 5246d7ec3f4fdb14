import { COLORS, levels } from '../panels/levels.ts';
import { table } from '../panels/table.ts';
import { losses as queries } from '../queries/platform.ts';

const SOME = levels(COLORS.calm, [0.5, COLORS.act]);

/** What is 0 as long as all is well, in one place; a chart each would be a page of flat lines. */
export const losses = () =>
  table({
    title: 'Losses and failures',
    description:
      'Whatever was refused, lost, dropped or failed on the way of telemetry and alerts in the time range, most of it first. Refused by the Collector: it is short of memory, and the senders try again. All else is lost, or was late.',
    sortBy: { title: 'Count', descending: true },
    noValue: 'Nothing is scraped',
    columns: [
      { title: 'Where', label: 'where', width: 150 },
      { title: 'What', label: 'what' },
      {
        title: 'Count',
        expression: queries,
        unit: 'none',
        decimals: 0,
        levels: SOME,
        cell: 'color',
        width: 90,
      },
    ],
  });
