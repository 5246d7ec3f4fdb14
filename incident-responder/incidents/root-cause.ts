import { ALERTS, CLUSTER_ALERTS } from '@aiops-sre/conventions/alerts.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { findingReasons } from '../findings/finding-reasons.ts';
import type { Findings } from '../findings/findings.ts';
import { withRefusingDatabases } from '../findings/refusing-databases.ts';
import { type RootFeatures, type RootScene, rootFeatures } from '../roots/root-features.ts';
import { FITTED_MODEL, type RootModel, sharedOut } from '../roots/root-model.ts';
import { featureReasons } from '../roots/root-reasons.ts';
import type { ServiceGraph } from '../topology/service-graph.ts';
import type { AlertRole, CauseKind, Hypothesis, Reason } from './incident.ts';
import { instanceOut } from './instance-out.ts';
import { type RecentChange, recentChanges } from './recent-changes.ts';
import { changedCallers, loadFromAbove, sentLoad } from './sent-load.ts';

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
  /** What traces and logs say, where they were asked. */
  readonly findings?: Findings | undefined;
  /** For links. */
  readonly grafanaUrl?: string | undefined;
}

/**
 * What an observation adds to the log-odds of a hypothesis that recorded incidents say nothing of: set by hand, so that one
 * strong sign is worth more than several weak ones, and no single one reaches 80 %. How services deviate is fitted.
 */
const WEIGHTS = {
  /** Where nothing was measured of any service. */
  blindPrior: -2,
  evidenceMissing: -0.5,
  everyAlertExplained: 1,
  alertsOfItsOwn: 0.8,
  onsetFirst: 0.5,
  partlyDown: 1.5,
  downBelow: -2.5,
  anomalous: 0.8,
  saidByKubernetes: 3,
  instanceOut: 2,
  instanceNearLimit: 2,
  instanceTold: 1,
  /** In addition, where others of its service are known to be far from theirs. */
  nearLimitAlone: 0.8,
  halfDown: 2.5,
  flagBeforeOnset: 2.5,
  flagOfUnknownService: 1,
  deployBeforeOnset: 1.8,
  /** A changed service sends another load to what it calls, and what that is for who gets it. */
  sentLoad: 2.5,
  loadFromAbove: -2,
} as const;

const PARTLY_DOWN = 0.75;
const MAX_HYPOTHESES = 5;

/**
 * Probable roots, most probable first. Each service that alerts, each that one of them depends on, and each that calls one
 * and was changed shortly before is a candidate; its observations add up to log-odds, and the odds of all candidates and of
 * "none of them" (1) are brought to a sum of 1.
 */
export function rankRoots(question: RootCauseQuestion, model: RootModel = FITTED_MODEL): Hypothesis[] {
  const weighed = weighCandidates(question, model);
  const shares = sharedOut(weighed.map(({ logOdds }) => logOdds));
  return weighed
    .map(({ hypothesis }, index) => ({ ...hypothesis, confidence: shares[index] ?? 0 }))
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, MAX_HYPOTHESES);
}

/** A candidate before the odds are shared out. */
interface Weighed {
  readonly hypothesis: Omit<Hypothesis, 'confidence'>;
  readonly logOdds: number;
  /** undefined where nothing was measured of any service. */
  readonly features: RootFeatures | undefined;
}

export function weighCandidates(question: RootCauseQuestion, model: RootModel): Weighed[] {
  const { alerts, graph, evidence } = question;
  const alerting = [...new Set(alerts.map(({ service }) => service))];
  const below = alerting.flatMap((service) => [service, ...graph.dependencies(service)]);
  const onsetMs = Math.min(...alerts.map(({ startsAtMs }) => startsAtMs));
  const scene: Scene = {
    ...question,
    alerting,
    onsetMs,
    model,
    changes: recentChanges(question),
    deviations: new Map(
      withRefusingDatabases(evidence.deviations, question.findings).map((each) => [each.service, each]),
    ),
    // A limit is predicted before anything is off, and what Kubernetes says needs no measuring.
    unusual: (service) =>
      nearLimit(service, alerts) !== undefined || saidByKubernetes(service, alerts).length > 0
        ? 1
        : unusual(service, evidence),
    downRatio: (service) => downRatioOf(service, evidence),
  };
  const candidates = new Set([...below, ...changedCallers(scene, alerting)]);
  return [...candidates].map((service) => weigh(service, scene));
}

interface Scene extends RootCauseQuestion, RootScene {
  readonly onsetMs: number;
  readonly model: RootModel;
  readonly changes: readonly RecentChange[];
}

function weigh(service: string, scene: Scene): Weighed {
  const { alerts, alerting, graph, evidence, onsetMs } = scene;
  const reasons: Reason[] = [];
  const because = (kind: Reason['kind'], weight: number, text: string) =>
    void reasons.push({ kind, weight, text });

  const sent = sentLoad(service, scene);
  const fromAbove = loadFromAbove(service, scene);
  if (alerting.every((each) => graph.hops(each, service) !== undefined))
    because(
      'topology',
      WEIGHTS.everyAlertExplained,
      alerting.length === 1 && alerting[0] === service
        ? `Only ${service} alerts.`
        : `Every service that alerts is ${service} or depends on it: ${alerting.join(', ')}.`,
    );
  else if (sent !== undefined && alerting.every((each) => graph.hops(service, each) !== undefined))
    because(
      'topology',
      WEIGHTS.everyAlertExplained,
      `It calls every service that alerts, directly or not: ${alerting.join(', ')}.`,
    );
  if (sent !== undefined) because('topology', WEIGHTS.sentLoad, sent);
  if (fromAbove !== undefined) because('topology', WEIGHTS.loadFromAbove, fromAbove);
  const own = alerts.filter((alert) => alert.service === service);
  if (own.length > 0) because('alerts', WEIGHTS.alertsOfItsOwn, `${own.length} alerts of its own.`);
  const said = saidByKubernetes(service, alerts);
  if (said.length > 0)
    because(
      'instance',
      WEIGHTS.saidByKubernetes,
      `Kubernetes itself says what is wrong: ${said.join(', ')}.`,
    );
  if (own.some(({ startsAtMs }) => startsAtMs === onsetMs) && alerting.length > 1)
    because('onset', WEIGHTS.onsetFirst, `Its alert began first.`);

  const measured =
    scene.deviations.size > 0 && !onlySends(service, scene) ? rootFeatures(service, scene) : undefined;
  const downRatio = scene.downRatio(service);
  // Nothing speaks against it that is only about requests: a node has none, and what is down can't be measured.
  const isSeenItself = said.length > 0 || downRatio > 0;
  const features = measured && isSeenItself ? { ...measured, unmeasured: 0, leaf: 0, address: 0 } : measured;
  if (features !== undefined) reasons.push(...featureReasons(service, features, scene));
  if (scene.findings !== undefined)
    reasons.push(...findingReasons(service, scene.findings, scene.grafanaUrl));
  const missing = [...evidence.missing, ...(scene.findings?.missing ?? [])];
  if (missing.length > 0)
    because('anomaly', WEIGHTS.evidenceMissing, `Could not be asked for: ${partsOf(missing)}.`);
  const down = graph.dependencies(service).filter((each) => scene.downRatio(each) > 0);
  if (down.length > 0)
    because('topology', WEIGHTS.downBelow, `It depends on ${down.join(', ')}, of which instances are down.`);
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

  const halfDown = downRatio >= 0.5;
  if (downRatio > 0)
    because(
      'instance',
      WEIGHTS.partlyDown + (halfDown ? WEIGHTS.halfDown : 0),
      `${Math.round(downRatio * 100)} % of its instances are down, or were since it began.`,
    );
  const out = instanceOut(service, evidence);
  if (out !== undefined)
    because(
      'instance',
      WEIGHTS.instanceOut,
      `${out.instance} fails ${Math.round(out.failedRatio * 100)} % of its requests, the others far fewer.`,
    );

  const near = nearLimit(service, alerts);
  if (near !== undefined) {
    const alone = isAloneNearLimit(service, near, scene);
    because(
      'instance',
      WEIGHTS.instanceNearLimit + (alone ? WEIGHTS.nearLimitAlone : 0),
      `${near} is on its way to a limit${alone ? ', the others are not' : ''}.`,
    );
  }

  const told = instanceTold(service, own, evidence);
  if (told !== undefined)
    because('instance', WEIGHTS.instanceTold, `Its alerts tell of ${told} alone, and it has others.`);

  const changes = scene.changes.filter((change) => (change.service ?? service) === service);
  const flag = changes.find(({ kind }) => kind === 'flag');
  if (flag !== undefined)
    because(
      'flag',
      flag.service === undefined ? WEIGHTS.flagOfUnknownService : WEIGHTS.flagBeforeOnset,
      `Flag ${flag.subject}${flag.byTargeting ? ', ruled by targeting,' : ''} went from ${flag.from} to ${flag.to} ${flag.when}.`,
    );
  const deploy = changes.find(({ kind }) => kind === 'deploy');
  if (deploy !== undefined)
    because('deploy', WEIGHTS.deployBeforeOnset, `${deploy.to} was deployed ${deploy.when}.`);

  const cause: CauseKind =
    flag?.service !== undefined
      ? 'flag-change'
      : deploy !== undefined
        ? 'deploy'
        : out !== undefined || near !== undefined || told !== undefined || halfDown
          ? 'instance'
          : 'service';
  const change = flag ?? deploy;
  const prior = scene.deviations.size === 0 ? WEIGHTS.blindPrior : scene.model.prior;
  return {
    hypothesis: {
      cause,
      service,
      instance: cause === 'instance' ? (out?.instance ?? near ?? told ?? null) : null,
      flag: cause === 'flag-change' ? (flag?.subject ?? null) : null,
      ...(change !== undefined && { change: changeOf(change) }),
      summary: summaryOf({ cause, service, out: out?.instance, near, told, flag, sent }),
      reasons: reasons.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)),
    },
    logOdds: reasons.reduce((sum, { weight }) => sum + weight, prior),
    features,
  };
}

const changeOf = ({ kind, subject, from, to, atMs }: RecentChange): NonNullable<Hypothesis['change']> => ({
  ...{ kind, subject, from, to, atMs },
});

/** Calls what alerts and answers nobody (a load generator, a browser): how it is itself says nothing of what it sends. */
function onlySends(service: string, { alerting, graph, deviations }: Scene): boolean {
  const { errors, duration } = deviations.get(service)?.troubles ?? {};
  const isAbove = alerting.every((each) => (graph.hops(service, each) ?? 0) > 0);
  return isAbove && errors === undefined && duration === undefined;
}

/** Each begins with the part of the evidence that it is about. */
const partsOf = (missing: readonly string[]): string =>
  [...new Set(missing.map((each) => each.split(':')[0]))].sort().join(', ');

/** Share of its instances that are down; 0 also where that is few, or nobody counts them. */
function downRatioOf(service: string, { services }: Evidence): number {
  const upRatio = services.find((each) => each.service === service)?.upRatio ?? 1;
  return upRatio <= PARTLY_DOWN ? 1 - upRatio : 0;
}

function unusual(service: string, evidence: Evidence): number {
  const scores = evidence.anomalies.filter((each) => each.service === service).map(({ score }) => score);
  return Math.max(downRatioOf(service, evidence) > 0 ? 1 : 0, ...scores);
}

const saidByKubernetes = (service: string, alerts: readonly HeardAlert[]): readonly string[] =>
  CLUSTER_ALERTS.filter((name) => alerts.some((each) => each.service === service && each.alertname === name));

const nearLimit = (service: string, alerts: readonly HeardAlert[]): string | undefined =>
  instancesNearLimit(service, alerts)[0];

const instancesNearLimit = (service: string, alerts: readonly HeardAlert[]): readonly string[] =>
  alerts.flatMap(({ alertname, labels, ...alert }) =>
    alert.service === service && alertname === ALERTS.predictedBreach ? (labels.instance ?? []) : [],
  );

/** The one instance that all of a service's alerts tell of which tell of any; undefined where it has no others. */
function instanceTold(
  service: string,
  own: readonly HeardAlert[],
  { instances }: Evidence,
): string | undefined {
  const [told, ...others] = new Set(own.flatMap(({ labels }) => labels.instance ?? []));
  const hasOthers = instances.some((each) => each.service === service && each.instance !== told);
  return others.length === 0 && hasOthers ? told : undefined;
}

/** There are other instances, and none of them is on its way to a limit. */
function isAloneNearLimit(
  service: string,
  near: string,
  { alerts, evidence }: Pick<Scene, 'alerts' | 'evidence'>,
): boolean {
  const all = evidence.instances.filter((each) => each.service === service);
  return (
    all.some(({ instance }) => instance !== near) &&
    instancesNearLimit(service, alerts).every((instance) => instance === near)
  );
}

function summaryOf({
  cause,
  service,
  out,
  near,
  told,
  flag,
  sent,
}: {
  cause: CauseKind;
  service: string;
  out: string | undefined;
  near: string | undefined;
  told: string | undefined;
  flag: RecentChange | undefined;
  sent: string | undefined;
}): string {
  switch (cause) {
    case 'flag-change':
      return sent === undefined
        ? `Flag ${flag?.subject} changed ${service} for the worse.`
        : `Flag ${flag?.subject} changed what ${service} sends to others.`;
    case 'deploy':
      return `A deploy of ${service} changed it for the worse.`;
    case 'instance':
      if (out !== undefined) return `Instance ${out} of ${service} fails.`;
      if (near !== undefined) return `Instance ${near} of ${service} is on its way to a limit.`;
      return told === undefined
        ? `Instances of ${service} are down.`
        : `Instance ${told} of ${service} is in trouble, the others are not.`;
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
