import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import type { Change, Evidence } from '../evidence/evidence.ts';
import type { ServiceGraph } from '../topology/service-graph.ts';
import type { AlertRole, CauseKind, Hypothesis, Reason } from './incident.ts';

interface HeardAlert {
  readonly alertname: string;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAtMs: number;
}

export interface RootCauseQuestion {
  readonly alerts: readonly HeardAlert[];
  readonly graph: ServiceGraph;
  readonly evidence: Evidence;
}

/**
 * What each observation adds to the log-odds of a hypothesis. Set by hand so that one strong sign (a change just before
 * the onset, in the very service that got slow) is worth more than several weak ones, and no single one reaches 80 %.
 */
const WEIGHTS = {
  prior: -2,
  everyAlertExplained: 1,
  alertsOfItsOwn: 0.8,
  onsetFirst: 0.5,
  unwell: 1.5,
  nothingBelowUnwell: 0.8,
  causedBelow: -2.5,
  anomalous: 0.8,
  instanceOut: 2,
  instanceNearLimit: 2,
  halfDown: 2.5,
  flagBeforeOnset: 2.5,
  flagOfUnknownService: 1,
  deployBeforeOnset: 1.8,
} as const;

const UNWELL = { slowdown: 3, failedRatio: 0.05, upRatio: 0.75 } as const;
/** An instance is out when it fails this share, and this many times what its neighbours do at the median. */
const INSTANCE_OUT = { failedRatio: 0.1, timesNeighbours: 5 } as const;
/** Alerts lag behind what they tell of by their windows: so long before an onset a change may be the trigger. */
const CHANGE_BEFORE_MS = 15 * 60_000;
/** Clocks, scrapes and polls date a change late by up to this. */
const CHANGE_AFTER_MS = 30_000;
const MAX_HYPOTHESES = 5;

/**
 * Probable roots, most probable first. Each service that alerts and each that one of them depends on is a candidate; its
 * observations add up to log-odds, and the odds of all candidates and of "none of them" (1) are brought to a sum of 1.
 */
export function rankRoots({ alerts, graph, evidence }: RootCauseQuestion): Hypothesis[] {
  const alerting = [...new Set(alerts.map(({ service }) => service))];
  const candidates = [...new Set(alerting.flatMap((service) => [service, ...graph.dependencies(service)]))];
  const onsetMs = Math.min(...alerts.map(({ startsAtMs }) => startsAtMs));
  const weighed = candidates.map((service) => weigh(service, { alerts, alerting, graph, evidence, onsetMs }));
  const total = weighed.reduce((sum, { odds }) => sum + odds, 1);
  return weighed
    .map(({ odds, ...hypothesis }) => ({ ...hypothesis, confidence: odds / total }))
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, MAX_HYPOTHESES);
}

interface Scene extends RootCauseQuestion {
  readonly alerting: readonly string[];
  readonly onsetMs: number;
}

function weigh(service: string, scene: Scene): Omit<Hypothesis, 'confidence'> & { readonly odds: number } {
  const { alerts, alerting, graph, evidence, onsetMs } = scene;
  const reasons: Reason[] = [];
  const because = (kind: Reason['kind'], weight: number, text: string) =>
    void reasons.push({ kind, weight, text });

  if (alerting.every((each) => graph.hops(each, service) !== undefined))
    because(
      'topology',
      WEIGHTS.everyAlertExplained,
      alerting.length === 1 && alerting[0] === service
        ? `Only ${service} alerts.`
        : `Every service that alerts is ${service} or depends on it: ${alerting.join(', ')}.`,
    );
  const own = alerts.filter((alert) => alert.service === service);
  if (own.length > 0) because('alerts', WEIGHTS.alertsOfItsOwn, `${own.length} alerts of its own.`);
  if (own.some(({ startsAtMs }) => startsAtMs === onsetMs) && alerting.length > 1)
    because('onset', WEIGHTS.onsetFirst, `Its alert began first.`);

  const signs = unwellSigns(service, evidence);
  if (signs.length > 0) because('anomaly', WEIGHTS.unwell, `${service} ${signs.join(', ')}.`);
  const below = graph.dependencies(service).filter((each) => unwellSigns(each, evidence).length > 0);
  if (below.length > 0)
    because('topology', WEIGHTS.causedBelow, `It depends on ${below.join(', ')}, which is unwell itself.`);
  else if (signs.length > 0)
    because('topology', WEIGHTS.nothingBelowUnwell, 'Nothing that it depends on is unwell.');
  const readings = evidence.anomalies.filter((reading) => reading.service === service);
  if (readings.length > 0)
    because(
      'anomaly',
      WEIGHTS.anomalous,
      `Unusual: ${readings
        .map(({ rule, score }) => `${rule} (score ${score.toFixed(2)})`)
        .slice(0, 3)
        .join(', ')}.`,
    );

  const upRatio = evidence.services.find((each) => each.service === service)?.upRatio;
  if (upRatio !== undefined && upRatio <= 0.5)
    because('instance', WEIGHTS.halfDown, `${Math.round((1 - upRatio) * 100)} % of its instances are down.`);
  const out = instanceOut(service, evidence);
  if (out !== undefined)
    because(
      'instance',
      WEIGHTS.instanceOut,
      `${out.instance} fails ${Math.round(out.failedRatio * 100)} % of its requests, the others far fewer.`,
    );

  const near = own.find(
    ({ alertname, labels }) => alertname === ALERTS.predictedBreach && labels.instance !== undefined,
  )?.labels.instance;
  if (near !== undefined)
    because('instance', WEIGHTS.instanceNearLimit, `${near} is on its way to a limit, the others are not.`);

  /** The first alert that a change may have caused. */
  const followed = ({ atMs }: Change) =>
    alerts.find(
      ({ startsAtMs }) => startsAtMs >= atMs - CHANGE_AFTER_MS && startsAtMs <= atMs + CHANGE_BEFORE_MS,
    );
  const changes = evidence.changes.filter(
    (change) => (change.service ?? service) === service && followed(change) !== undefined,
  );
  const before = (change: Change) => {
    const alert = followed(change);
    const seconds = Math.round(((alert?.startsAtMs ?? change.atMs) - change.atMs) / 1000);
    return seconds >= 0 ? `${seconds} s before ${alert?.alertname} began` : `as ${alert?.alertname} began`;
  };
  const flag = changes.find(({ kind }) => kind === 'flag');
  if (flag !== undefined)
    because(
      'flag',
      flag.service === undefined ? WEIGHTS.flagOfUnknownService : WEIGHTS.flagBeforeOnset,
      `Flag ${flag.subject}${flag.byTargeting ? ', ruled by targeting,' : ''} went from ${flag.from} to ${flag.to} ${before(flag)}.`,
    );
  const deploy = changes.find(({ kind }) => kind === 'deploy');
  if (deploy !== undefined)
    because('deploy', WEIGHTS.deployBeforeOnset, `${deploy.to} was deployed ${before(deploy)}.`);

  const cause: CauseKind =
    flag?.service !== undefined
      ? 'flag-change'
      : deploy !== undefined
        ? 'deploy'
        : out !== undefined || near !== undefined || (upRatio !== undefined && upRatio <= 0.5)
          ? 'instance'
          : 'service';
  const logOdds = reasons.reduce<number>((sum, { weight }) => sum + weight, WEIGHTS.prior);
  return {
    cause,
    service,
    instance: cause === 'instance' ? (out?.instance ?? near ?? null) : null,
    flag: cause === 'flag-change' ? (flag?.subject ?? null) : null,
    summary: summaryOf({ cause, service, out: out?.instance, near, flag }),
    reasons: reasons.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)),
    odds: Math.exp(logOdds),
  };
}

function unwellSigns(service: string, { services }: Evidence): string[] {
  const health = services.find((each) => each.service === service);
  if (health === undefined) return [];
  const { slowdown, failedRatio, upRatio } = health;
  const signs: string[] = [];
  if (slowdown !== undefined && slowdown >= UNWELL.slowdown)
    signs.push(`takes ${slowdown.toFixed(1)} times as long as in the half hour before`);
  if (failedRatio !== undefined && failedRatio >= UNWELL.failedRatio)
    signs.push(`fails ${(failedRatio * 100).toFixed(0)} % of calls`);
  if (upRatio !== undefined && upRatio <= UNWELL.upRatio)
    signs.push(`has ${Math.round(upRatio * 100)} % of its instances up`);
  return signs;
}

function instanceOut(service: string, { instances }: Evidence) {
  const ranked = instances
    .filter((each) => each.service === service)
    .sort((a, b) => b.failedRatio - a.failedRatio);
  const [worst, ...others] = ranked;
  if (worst === undefined || others.length === 0 || worst.failedRatio < INSTANCE_OUT.failedRatio)
    return undefined;
  const neighbours = others.filter(({ instance }) => instance !== worst.instance);
  const median = neighbours[Math.floor(neighbours.length / 2)]?.failedRatio;
  if (median === undefined || worst.failedRatio < INSTANCE_OUT.timesNeighbours * median) return undefined;
  return worst;
}

function summaryOf({
  cause,
  service,
  out,
  near,
  flag,
}: {
  cause: CauseKind;
  service: string;
  out: string | undefined;
  near: string | undefined;
  flag: Change | undefined;
}): string {
  switch (cause) {
    case 'flag-change':
      return `Flag ${flag?.subject} changed ${service} for the worse.`;
    case 'deploy':
      return `A deploy of ${service} changed it for the worse.`;
    case 'instance':
      if (out !== undefined) return `Instance ${out} of ${service} fails.`;
      return near === undefined
        ? `Instances of ${service} are down.`
        : `Instance ${near} of ${service} is on its way to a limit.`;
    default:
      return `${service} itself is the trouble.`;
  }
}

/** Whether an alert tells of the root, or only of what the root does to others. */
export function roleOf(service: string, root: Hypothesis | undefined, graph: ServiceGraph): AlertRole {
  if (root === undefined) return 'unclear';
  if (service === root.service) return 'root';
  return graph.hops(service, root.service) === undefined ? 'unclear' : 'symptom';
}
