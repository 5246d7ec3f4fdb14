import { NO_LEVELS } from '../panels/levels.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { timeSeries } from '../panels/time-series.ts';
import { prometheus } from '../queries/platform.ts';

export const ingestion = () =>
  timeSeries({
    title: 'Ingestion',
    description: 'Samples that Prometheus stores each second.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ samples: prometheus.samples }),
  });

export const series = () =>
  timeSeries({
    title: 'Active series',
    description:
      'Series that had samples lately and are held in memory. A climb without end is a label with unbounded values.',
    unit: 'short',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ series: prometheus.series }),
  });

export const seriesByJob = () =>
  timeSeries({
    title: 'Series by job',
    description: 'Series of the latest scrapes, by job: what each component costs.',
    unit: 'short',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{job}}': prometheus.scrapedByJob }),
  });

export const rules = () =>
  timeSeries({
    title: 'Rule evaluation',
    description: 'Time that the latest evaluation of the rules took, by their file.',
    unit: 's',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.1,
    queries: rangeQueries({ '{{file}}': prometheus.ruleSeconds }),
  });

export const queries = () =>
  timeSeries({
    title: 'Queries, 90 %',
    description:
      'Time within which 90 % of the queries of dashboards, rules and the anomaly detector are answered, by part of the work.',
    unit: 's',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.05,
    queries: rangeQueries({ '{{slice}}': prometheus.querySeconds }),
  });

export const storage = () =>
  timeSeries({
    title: 'Storage',
    description:
      'What the stored samples take on disk, without those of the last two hours; 35 days and at most 8 GB are kept.',
    unit: 'bytes',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ blocks: prometheus.storage }),
  });
