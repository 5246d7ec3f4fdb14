import { COLORS } from '../panels/levels.ts';
import { valueTexts } from '../panels/mappings.ts';
import { table } from '../panels/table.ts';
import { targets as queries } from '../queries/platform.ts';

export const targets = () =>
  table({
    title: 'Processes',
    description:
      'Everything that Prometheus scrapes, what is down first. Samples are the series of one scrape. CPU is a share of one core.',
    sortBy: { title: 'State', descending: false },
    thenBy: { title: 'Job', descending: false },
    hiddenLabels: ['service'],
    noValue: 'Nothing is scraped',
    columns: [
      {
        title: 'State',
        expression: queries.up,
        unit: 'none',
        mappings: [
          valueTexts({ 0: { text: 'Down', color: COLORS.bad }, 1: { text: 'Up', color: COLORS.calm } }),
        ],
        cell: 'color',
        width: 95,
      },
      { title: 'Job', label: 'job', width: 150 },
      { title: 'Instance', label: 'instance', width: 150 },
      { title: 'Scrape', expression: queries.scrapeSeconds, unit: 's', decimals: 0 },
      { title: 'Samples', expression: queries.samples, unit: 'none', decimals: 0 },
      { title: 'CPU', expression: queries.cpu, unit: 'percentunit', decimals: 1 },
      { title: 'Memory', expression: queries.memory, unit: 'bytes', decimals: 0 },
      { title: 'Started', expression: queries.started, unit: 'dateTimeFromNow', width: 130 },
    ],
  });
