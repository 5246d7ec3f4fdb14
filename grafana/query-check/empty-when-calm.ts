interface Which {
  readonly where: string;
  readonly refId: string;
  readonly kind: string;
}

const NO_FAILURES = 'nothing fails';
const NO_ALERT = 'no alert fires';
const NOTHING_SLOW = 'nothing is slow';
const NO_INCIDENT = 'there was no incident';
const NO_BREACH = 'no series is on its way to a limit';

/** Queries that have no result while all is well, each with the reason. `UID/WHERE/REFID`, any where left out. */
export const EMPTY_WHEN_CALM: Readonly<Record<string, string>> = {
  'slo-overview/panel Firing alerts': NO_ALERT,
  'slo-overview/panel Failed requests/B': NO_FAILURES,
  'tracing/panel Failing traces': NO_FAILURES,
  'slo-detail/panel Failing routes': NO_FAILURES,
  'tracing/panel What the failing have in common': NO_FAILURES,
  'tracing/panel What the slow have in common': NOTHING_SLOW,
  'services/panel Failing': NO_FAILURES,
  'services/panel New to the detector': 'no service is new',
  'service/panel Its own HTTP durations, 95 %/B': 'the service goes by today’s conventions',
  'service/panel Its calls': 'the service calls nobody',
  'service/panel Failing traces': NO_FAILURES,
  'slo-detail/panel What the failing have in common': NO_FAILURES,
  'slo-detail/panel What the slow have in common': NOTHING_SLOW,
  'logs/panel Failures by service': NO_FAILURES,
  'logs/panel New failures': NO_FAILURES,
  'logs/panel Failures of every service': NO_FAILURES,
  'logs/panel Recurring lines of $service/B': 'nothing was logged in as much time before',
  'platform/panel Grafana, 95 %': 'Grafana is not among the processes that were started',
  'host/panel Disk full in': 'no disk fills up',
  'anomalies/variable route': 'the rule watches no routes',
  'platform/panel Time to notify, and Watchdog/A': 'no notification was sent in the last two minutes',
  'anomalies/variable process': 'the rule watches no processes one by one',
  'anomalies/panel Predicted breaches': NO_BREACH,
  'anomalies/panel Probability of crossing a limit': NO_BREACH,
  'scorecard/panel Roots right': NO_INCIDENT,
  'scorecard/panel Detected in': NO_INCIDENT,
  'scorecard/panel Acknowledged in': NO_INCIDENT,
  'scorecard/panel Mitigated in': NO_INCIDENT,
  'scorecard/panel Resolved in': NO_INCIDENT,
  'scorecard/panel Ended by themselves': NO_INCIDENT,
  'scorecard/panel Is the confidence earned?/B': NO_INCIDENT,
  'scorecard/panel Time until': NO_INCIDENT,
  'scorecard/panel Notifications': NO_INCIDENT,
  'scorecard/panel Alerts an incident': NO_INCIDENT,
  'scorecard/panel Postmortem drafts': NO_INCIDENT,
  chaos: 'no report of a chaos programme was sent',
  'anomalies/panel Called useful': 'nobody has judged an anomaly',
};

/** Annotations that mark something out of the ordinary, in every dashboard. */
const ANNOTATIONS: Readonly<Record<string, string>> = {
  'annotation Pages': NO_ALERT,
  'annotation Deploys': 'no process started in the time range',
  'annotation Flags': 'nobody changed a flag',
  'annotation Injected faults': 'nobody injects faults',
  'annotation Generated history': 'the history is older than the time range, or was left out',
};

/** Why a query may have no result while all is well; undefined for one that must have some. */
export function emptyWhenCalm(uid: string, query: Which): string | undefined {
  if (query.kind === 'exemplars') return 'no request is slow or fails';
  const key = `${uid}/${query.where}`;
  return (
    ANNOTATIONS[query.where] ??
    EMPTY_WHEN_CALM[`${key}/${query.refId}`] ??
    EMPTY_WHEN_CALM[key] ??
    EMPTY_WHEN_CALM[uid]
  );
}
