import { DETECTOR_LAG_LEVELS } from '../anomalies/headline.ts';
import { DASHBOARD_UIDS, dashboardUrl, sloDetailUrl } from '../links.ts';
import { COLORS, levels } from '../panels/levels.ts';
import { valueTexts } from '../panels/mappings.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { stat, UNKNOWN } from '../panels/stat.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as queries from '../queries/platform.ts';
import { attained } from '../queries/slo.ts';

const NONE = valueTexts({ 0: { text: 'None', color: COLORS.good } });
/** Where any loss at all is worth a look. */
const LOSS_LEVELS = levels(COLORS.good, [0.000001, COLORS.act]);
const FRESHNESS = 'slo="telemetry-freshness",service="otel-collector"';

export const down = () =>
  stat({
    title: 'Down',
    description:
      'Processes that Prometheus cannot reach: what they would tell is missing from every dashboard.',
    unit: 'none',
    expression: queries.targetsDown,
    levels: levels(COLORS.good, [1, COLORS.bad]),
    mappings: [NONE],
    noValue: UNKNOWN,
    filled: true,
  });

export const freshness = () =>
  stat({
    title: 'Arrived',
    description:
      'Share of the requests in the last 5 minutes whose telemetry came by way of the Collector; the objective is 95 %.',
    unit: 'percentunit',
    decimals: 1,
    expression: attained(FRESHNESS, '5m'),
    links: [{ title: 'Details of this SLO', url: sloDetailUrl('telemetry-freshness', 'otel-collector') }],
    levels: levels(COLORS.bad, [0.9, COLORS.act], [0.95, COLORS.good]),
    noValue: 'No traffic',
  });

export const collectorLoss = () =>
  stat({
    title: 'Lost',
    description:
      'Spans, metric points, log records and traces that the Collector refused, failed or dropped each second.',
    unit: 'suffix:/s',
    decimals: 2,
    expression: queries.collectorLoss,
    levels: LOSS_LEVELS,
    mappings: [NONE],
    noValue: 'Not scraped',
  });

export const queue = () =>
  stat({
    title: 'Queue',
    description:
      'How full the fuller one of the queues on disk in front of Tempo and Loki is. Full, what comes is lost.',
    unit: 'percentunit',
    decimals: 0,
    expression: queries.collector.queueFill,
    levels: levels(COLORS.good, [0.1, COLORS.watch], [0.5, COLORS.act], [0.9, COLORS.bad]),
    noValue: 'Not scraped',
  });

export const rules = () =>
  stat({
    title: 'Rules',
    description:
      'Of the time until its next evaluation, the share that the slowest group of rules takes. At 100 % alerts come late.',
    unit: 'percentunit',
    decimals: 1,
    expression: queries.prometheus.ruleBusy,
    levels: levels(COLORS.good, [0.25, COLORS.watch], [0.5, COLORS.act], [1, COLORS.bad]),
    noValue: 'Not scraped',
  });

export const alertingLoss = () =>
  stat({
    title: 'Alerts lost',
    description:
      'Alerts and notifications that were dropped, refused or failed on their way to people, each second.',
    unit: 'suffix:/s',
    decimals: 2,
    expression: queries.alertingLoss,
    levels: levels(COLORS.good, [0.000001, COLORS.bad]),
    mappings: [NONE],
    noValue: 'Not scraped',
  });

export const watchdog = () =>
  stat({
    title: 'Watchdog',
    description:
      'Time since the responder last heard the alert that always fires: the whole way from a rule to a receiver.',
    unit: 's',
    decimals: 0,
    expression: queries.alerting.watchdogAge,
    levels: levels(COLORS.good, [120, COLORS.watch], [300, COLORS.bad]),
    noValue: 'Not scraped',
  });

export const detectorLag = () =>
  stat({
    title: 'Detector',
    description: 'Age of the latest sample that the slowest rule of the anomaly detector has evaluated.',
    unit: 's',
    decimals: 0,
    expression: `max(${queries.detector.lag})`,
    levels: DETECTOR_LAG_LEVELS,
    links: [{ title: 'Anomalies', url: dashboardUrl(DASHBOARD_UIDS.anomalies) }],
    noValue: 'Not scraped',
  });

export const sampleAge = () =>
  timeSeries({
    title: 'Freshness end to end',
    description:
      'Age of the newest sample on each way that telemetry takes. The interval of the scrape (5 s, 15 s), and 30 to 60 s for the detector, are normal; the detector is drawn up to 5 min; a line that climbs steadily is a way that has stopped.',
    unit: 's',
    levels: levels(COLORS.plain, [120, COLORS.bad]),
    min: 0,
    softMax: 60,
    queries: rangeQueries(queries.sampleAge),
  });
