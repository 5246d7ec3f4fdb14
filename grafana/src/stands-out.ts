import { STOREFRONT_LATENCY_OBJECTIVE_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { COLORS, levels } from './panels/levels.ts';
import { table } from './panels/table.ts';
import { type Bad, comparison } from './queries/comparison.ts';

/** Below it a difference is noise; from there on it is worth a look, and tells nearly all. */
const STANDS_OUT = 0.05;
const DIFFERENCE_LEVELS = levels(COLORS.calm, [0.1, COLORS.watch], [0.5, COLORS.act]);

function standsOut(options: { readonly title: string; readonly which: string; readonly bad: Bad }) {
  const { ofBad, ofRest, difference } = comparison('$service', options.bad);
  return table({
    title: options.title,
    description: `Share of the requests of the service that ${options.which} and of the rest that have an attribute, over the time range and before sampling. What they have more often than the rest is where to look, and nothing where all do; npm run diagnose compares every attribute of the traces, also of what was called.`,
    sortBy: { title: 'More often', descending: true },
    none: { label: 'value', text: 'Nothing stands out' },
    onlyWith: 'More often',
    columns: [
      { title: 'Attribute', label: 'attribute', width: 110 },
      { title: 'Value', label: 'value' },
      { title: 'Of these', expression: ofBad, unit: 'percentunit', decimals: 1, width: 90 },
      { title: 'Of the rest', expression: ofRest, unit: 'percentunit', decimals: 1, width: 100 },
      {
        title: 'More often',
        expression: `(${difference}) > ${STANDS_OUT}`,
        unit: 'percentunit',
        decimals: 1,
        levels: DIFFERENCE_LEVELS,
        cell: 'color',
        width: 125,
      },
    ],
  });
}

export const failingStandOut = () =>
  standsOut({
    title: 'What the failing have in common',
    which: 'failed',
    bad: 'failing',
  });

export const slowStandOut = () =>
  standsOut({
    title: 'What the slow have in common',
    which: `took longer than ${STOREFRONT_LATENCY_OBJECTIVE_SECONDS} s`,
    bad: { slowerThanSeconds: STOREFRONT_LATENCY_OBJECTIVE_SECONDS },
  });
