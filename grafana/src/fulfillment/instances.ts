import { cell, instanceLinks } from '../links.ts';
import { COLORS, levels } from '../panels/levels.ts';
import { valueTexts } from '../panels/mappings.ts';
import { table } from '../panels/table.ts';
import * as queries from '../queries/fulfillment.ts';
import { latencyQuantile } from '../queries/http.ts';
import * as process from '../queries/process.ts';
import { ALLOWED_SHARE, ALLOWED_TEXT, FULFILLMENT, FULFILLMENT_REQUESTS, PAGE_SHARE } from './scope.ts';

const SHARE_LEVELS = levels(COLORS.calm, [ALLOWED_SHARE, COLORS.act], [PAGE_SHARE, COLORS.bad]);
const UP_TEXTS = valueTexts({
  0: { text: 'Down', color: COLORS.bad },
  1: { text: 'Up', color: COLORS.calm },
});

export const instances = () =>
  table({
    title: 'Instances',
    description: `Each instance as of now. A share of failed documents is coloured where it is beyond what the objective leaves, ${ALLOWED_TEXT}.`,
    sortBy: { title: 'Instance', descending: false },
    noValue: 'Not scraped',
    columns: [
      {
        title: 'Instance',
        label: 'instance',
        width: 150,
        links: instanceLinks('fulfillment', cell('Instance')),
      },
      {
        title: 'State',
        expression: process.up(FULFILLMENT),
        unit: 'none',
        mappings: [UP_TEXTS],
        cell: 'color',
        width: 90,
      },
      { title: 'Documents', expression: `60 * ${queries.documentRate()}`, unit: 'suffix:/min', decimals: 1 },
      ...(['5m', '1h', '1d'] as const).map((window) => ({
        title: `Failed, ${window}`,
        expression: queries.failureShare(window),
        unit: 'percentunit',
        decimals: 1,
        levels: SHARE_LEVELS,
        cell: 'color' as const,
      })),
      {
        title: '95 % within',
        expression: `${latencyQuantile(FULFILLMENT_REQUESTS, 0.95, 'instance')} >= 0`,
        unit: 's',
      },
      { title: 'CPU', expression: process.cpu(FULFILLMENT), unit: 'percentunit', decimals: 1 },
      { title: 'Memory', expression: process.residentMemory(FULFILLMENT), unit: 'bytes', decimals: 0 },
      { title: 'Started', expression: process.startedAt(FULFILLMENT), unit: 'dateTimeFromNow', width: 140 },
    ],
  });
