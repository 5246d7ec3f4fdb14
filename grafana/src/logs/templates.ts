import { COLORS, levels, onCalm } from '../panels/levels.ts';
import { textColors } from '../panels/mappings.ts';
import { table } from '../panels/table.ts';
import * as queries from '../queries/logs.ts';
import { LINE_BY_LINE } from './line-by-line.ts';

const SERVICE = queries.ofService('$service');
const SEVERITY = {
  title: 'Severity',
  label: 'detected_level',
  width: 115,
  mappings: [
    textColors({
      fatal: COLORS.bad,
      critical: COLORS.bad,
      error: COLORS.bad,
      warn: COLORS.watch,
      info: COLORS.calm,
      debug: COLORS.calm,
    }),
  ],
  cell: 'color',
} as const;
const GROWTH_LEVELS = onCalm(levels(COLORS.plain, [2, COLORS.watch], [5, COLORS.act]));

export const recurring = () =>
  table({
    title: 'Recurring lines of $service',
    description:
      'Templates: lines without the ids and numbers that vary, 50 at most. Growth compares with the hour before; without one a template is new. Of the last hour however long the dashboard looks back: each line is read for it.',
    language: 'logql',
    // By the alphabet, which has failures first.
    sortBy: { title: 'Severity', descending: false },
    thenBy: { title: 'Lines', descending: true },
    noValue: 'No lines in this time range',
    columns: [
      SEVERITY,
      { title: 'Template', label: 'template', cell: 'wrapped' },
      { title: 'Lines', expression: queries.templates(SERVICE), unit: 'none', decimals: 0, width: 90 },
      {
        title: 'Growth',
        expression: queries.templateGrowth(SERVICE),
        unit: 'none',
        decimals: 1,
        width: 90,
        levels: GROWTH_LEVELS,
        cell: 'color',
      },
    ],
    hiddenLabels: ['service_name'],
  }).timeFrom(LINE_BY_LINE);

export const newFailures = () =>
  table({
    title: 'New failures',
    description:
      'Templates of failures, of every service, that occurred in the last hour and not in the 23 hours before.',
    language: 'logql',
    sortBy: { title: 'Lines', descending: true },
    noValue: 'No failure is new',
    columns: [
      { title: 'Service', label: 'service_name', width: 120 },
      SEVERITY,
      { title: 'Template', label: 'template', cell: 'wrapped' },
      {
        title: 'Lines',
        expression: queries.newTemplates(queries.failuresOf(queries.EVERY_SERVICE)),
        unit: 'none',
        decimals: 0,
        width: 90,
      },
    ],
  });
