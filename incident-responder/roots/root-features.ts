import { type Deviation, strengthOf } from '../evidence/deviation.ts';
import { type ServiceDeviations, TROUBLES, type Trouble } from '../evidence/service-deviations.ts';
import type { ServiceGraph } from '../topology/service-graph.ts';

/**
 * What the ranking knows of a candidate, each 0..1 or so; what they weigh is fitted. A trouble of its own is what is left of
 * a deviation when what its callees bring about is taken away.
 */
export interface RootFeatures {
  readonly ownErrors: number;
  readonly ownDuration: number;
  readonly ownSaturation: number;
  /** How much of what the alerting services suffer passes through it. */
  readonly symptomShare: number;
  /** Deviates, and callees account for it. */
  readonly causedBelow: number;
  /** Deviates in nothing, though it was measured. */
  readonly calm: number;
  /** Nothing of it was measured: it may be anything. */
  readonly unmeasured: number;
  /** Calls nobody, and nothing of its own process is measured: what its callers see of it may be their own doing. */
  readonly leaf: number;
  /** Is called by an address rather than a name: a load balancer or a gateway stands for the service behind it. */
  readonly address: number;
}

export interface RootScene {
  readonly graph: ServiceGraph;
  readonly deviations: ReadonlyMap<string, ServiceDeviations>;
  readonly alerting: readonly string[];
  /** 0..1: how unusual a service is for other reasons (the detector's score, instances that are down). */
  readonly unusual: (service: string) => number;
  /** 0..1: which share of its instances is down, where that is known. */
  readonly downRatio: (service: string) => number;
}

/** What passes along calls. */
const SYMPTOMS = ['errors', 'duration'] as const satisfies readonly Trouble[];

/** Distances saturate here: ten thousand times the noise is no more telling than a thousand. */
const FARTHEST = 1000;
/** 0..1, logarithmic: what tells two strong deviations apart. */
const nearness = (deviation: Deviation | undefined): number =>
  deviation === undefined ? 0 : Math.log1p(Math.min(deviation.distance, FARTHEST)) / Math.log1p(FARTHEST);

/** Callees that time out make their caller fail: waiting accounts for failures, but not for certain. */
const WAITING_FAILS = 0.8;

export function rootFeatures(service: string, scene: RootScene): RootFeatures {
  const own = scene.deviations.get(service)?.troubles ?? {};
  const explained = Object.fromEntries(
    TROUBLES.map((trouble) => [trouble, explainedBelow(service, trouble, scene)]),
  ) as Record<Trouble, number>;
  const rest = (trouble: Trouble) => nearness(own[trouble]) * (1 - explained[trouble]);
  const measured = TROUBLES.some((trouble) => own[trouble] !== undefined);
  return {
    ownErrors: rest('errors'),
    ownDuration: rest('duration'),
    ownSaturation: rest('saturation'),
    symptomShare: symptomShare(service, scene),
    causedBelow: Math.max(...TROUBLES.map((trouble) => strengthOf(own[trouble]) * explained[trouble])),
    calm:
      measured && !scene.deviations.get(service)?.tooNew
        ? 1 - Math.max(scene.unusual(service), ...TROUBLES.map((trouble) => strengthOf(own[trouble])))
        : 0,
    unmeasured: measured ? 0 : 1,
    leaf: own.saturation === undefined && scene.graph.callees(service).length === 0 ? 1 : 0,
    address: isAddress(service) ? 1 : 0,
  };
}

/** 0..1: what share of a service's excess its direct callees account for. */
function explainedBelow(
  service: string,
  trouble: Trouble,
  { graph, deviations, downRatio }: RootScene,
): number {
  const own = deviations.get(service)?.troubles ?? {};
  const callees = graph.callees(service).map((callee) => deviations.get(callee)?.troubles ?? {});
  if (trouble === 'saturation') return 0;
  // What is down says nothing of itself: its callers fail or wait all the same.
  const down = Math.max(0, ...graph.callees(service).map(downRatio));
  const passedOn = (of: Trouble) => {
    const mine = own[of];
    if (mine === undefined || mine.excess <= 0) return 0;
    return Math.min(
      1,
      sum(callees.map((callee) => (strengthOf(callee[of]) * (callee[of]?.excess ?? 0)) / mine.excess)),
    );
  };
  const saturated = Math.max(0, ...callees.map((callee) => strengthOf(callee.saturation)));
  const waited = trouble === 'errors' ? WAITING_FAILS * passedOn('duration') * strengthOf(own.duration) : 0;
  return 1 - (1 - passedOn(trouble)) * (1 - saturated) * (1 - waited) * (1 - down);
}

function symptomShare(service: string, { deviations, alerting }: RootScene): number {
  const own = deviations.get(service)?.troubles ?? {};
  const suffered = alerting.flatMap((each) =>
    SYMPTOMS.map((trouble) => ({ trouble, symptom: deviations.get(each)?.troubles[trouble] })),
  );
  const weight = sum(suffered.map(({ symptom }) => strengthOf(symptom)));
  if (weight === 0) return 0;
  const shares = suffered.map(({ trouble, symptom }) => {
    const mine = own[trouble];
    if (mine === undefined || symptom === undefined || symptom.excess <= 0) return 0;
    return strengthOf(symptom) * strengthOf(mine) * Math.min(1, mine.excess / symptom.excess);
  });
  return sum(shares) / weight;
}

/** An IP address, a URL, or a host name with a domain. */
const isAddress = (service: string): boolean =>
  /^\d+(\.\d+){3}|:\/\/|\w\.[\w-]+\.[a-z]{2,}|\w\.(com|net|org|io|local|internal)(?![a-z])/i.test(service);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
