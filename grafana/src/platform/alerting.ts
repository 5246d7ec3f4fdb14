import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { timeSeries } from '../panels/time-series.ts';
import { alerting, detector, grafanaSeconds } from '../queries/platform.ts';

export const alerts = () =>
  timeSeries({
    title: 'Alerts',
    description:
      'Alerts that Alertmanager holds, by state; suppressed ones are silenced or inhibited. The Watchdog is always one.',
    unit: 'none',
    levels: NO_LEVELS,
    min: 0,
    softMax: 2,
    queries: rangeQueries({ '{{state}}': alerting.alerts }),
  });

export const notifications = () =>
  timeSeries({
    title: 'Notifications',
    description:
      'Notifications that Alertmanager sends each second, repetitions included, and those new to the responder, by receiver.',
    unit: 'suffix:/s',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ sent: alerting.sent, 'new, {{receiver}}': alerting.taken }),
  });

export const latency = () =>
  timeSeries({
    title: 'Time to notify, and Watchdog',
    description:
      'Mean time that a notification takes, and time since the responder last heard the alert that always fires. Beyond the dashed line something on the way is broken.',
    unit: 's',
    levels: levels(COLORS.plain, [300, COLORS.bad]),
    min: 0,
    softMax: 60,
    queries: rangeQueries({ notification: alerting.seconds, 'watchdog heard': alerting.watchdogAge }),
  });

export const detectorLag = () =>
  timeSeries({
    title: 'Detector behind',
    description:
      'Age of the latest sample that each rule of the anomaly detector has evaluated, at most 5 min; rules run every 30 s.',
    unit: 's',
    levels: levels(COLORS.plain, [300, COLORS.bad]),
    min: 0,
    softMax: 120,
    queries: rangeQueries({ '{{rule}}': detector.lag }),
  });

export const detectorPolls = () =>
  timeSeries({
    title: 'Detector polls, 95 %',
    description:
      'Time within which the anomaly detector reads and scores the series of a rule, in 95 % of the polls.',
    unit: 's',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.1,
    queries: rangeQueries({ poll: detector.pollSeconds }),
  });

export const grafana = () =>
  timeSeries({
    title: 'Grafana, 95 %',
    description: 'Time within which Grafana answers 95 % of the requests of browsers.',
    unit: 's',
    levels: NO_LEVELS,
    min: 0,
    softMax: 0.5,
    queries: rangeQueries({ answer: grafanaSeconds }),
  });
