import { FAILURE_LEVELS } from '../application/levels.ts';
import { onCalm } from './levels.ts';

/** Column of a table: the share that failed, coloured where it is more than calm. */
export const failedColumn = (expression: string) => ({
  title: 'Failed',
  expression,
  unit: 'percentunit',
  decimals: 2,
  levels: onCalm(FAILURE_LEVELS),
  cell: 'color' as const,
});

/** Columns of a table: the times within which half, 95 % and 99 % were answered. */
export const withinColumns = (expression: (share: 0.5 | 0.95 | 0.99) => string) =>
  ([0.5, 0.95, 0.99] as const).map((share) => ({
    title: `${share * 100} % within`,
    expression: expression(share),
    unit: 's',
  }));
