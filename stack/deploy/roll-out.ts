import type { Arms, ArmsSpan } from './comparison/arms.ts';
import { compareArms, type Finding } from './comparison/compare-arms.ts';
import { alphaOfTest, LOOKS_PER_STEP, limitMs, lookEveryMs, type Plan } from './plan.ts';

/** What a deployment does to the platform. All reject with the abort reason once the deployment is interrupted. */
export interface Stage {
  /** Starts the version beside the stable one. Resolves once it is ready, and scraped. */
  startCanary(version: string): Promise<void>;
  /** Percent of the traffic for the canary. Resolves once the traffic follows. */
  setShare(percent: number): Promise<void>;
  /** The share now: somebody else, such as the responder, may have changed it. */
  share(): Promise<number>;
  arms(span: ArmsSpan): Promise<Arms>;
  /** Restarts the stable storefront with the version. Resolves once it is ready. */
  promote(version: string): Promise<void>;
  /** No share, no canary. Is not interrupted. */
  endCanary(): Promise<void>;
  /** The stable storefront with the version that it had, and no canary. Is not interrupted. */
  takeBack(): Promise<void>;
  now(): number;
  wait(ms: number): Promise<void>;
}

/** One look at a step. */
export interface Look {
  readonly percent: number;
  /** Since the step began. */
  readonly afterMs: number;
  readonly findings: readonly Finding[];
  readonly requests: number;
  readonly verdict: 'goes on' | 'passed' | 'roll back';
  readonly because: string;
}

/** Milliseconds since the deployment began. */
interface Times {
  canaryReady?: number;
  /** When the first visitor could meet the version. */
  exposed?: number;
  decided?: number;
  /** Promoted, or all taken back. */
  ended?: number;
}

export interface RollOut {
  readonly outcome: 'promoted' | 'rolled back' | 'interrupted';
  readonly because: string;
  /** The last of each step. */
  readonly steps: readonly Look[];
  readonly times: Readonly<Times>;
}

export interface RollOutOptions {
  readonly stage: Stage;
  readonly version: string;
  readonly plan: Plan;
  readonly isInterrupted: () => boolean;
  readonly onLook: (look: Look) => void;
  /** Before the step is taken, so that it can be taken back whatever happens. `promoting`: the canary has won. */
  readonly onStep: (percent: number | 'promoting') => void;
}

/** Of the stable version, where it gets no requests beside the canary any more. */
const BASELINE_SECONDS = 600;

/**
 * Brings a version out in steps, each of them judged against the stable version, and takes it back as soon as it is found harmful, has
 * not had enough requests to be judged, or anything goes wrong.
 */
export async function rollOut(options: RollOutOptions): Promise<RollOut> {
  const { stage, version, plan, isInterrupted, onStep } = options;
  const startedMs = stage.now();
  const times: Times = {};
  const mark = (moment: keyof Times) => {
    times[moment] ??= stage.now() - startedMs;
  };
  const steps: Look[] = [];
  const takeBack = async (outcome: RollOut['outcome'], because: string): Promise<RollOut> => {
    mark('decided');
    await stage.takeBack();
    mark('ended');
    return { outcome, because, steps, times };
  };
  try {
    await stage.startCanary(version);
    mark('canaryReady');
    for (const percent of plan.steps) {
      onStep(percent);
      const beganMs = stage.now();
      await stage.setShare(percent);
      mark('exposed');
      const last = await bake(percent, options, { beganMs, startedMs });
      steps.push(last);
      if (last.verdict === 'roll back') return await takeBack('rolled back', last.because);
    }
    mark('decided');
    onStep('promoting');
    // While the stable one restarts, all visitors are the canary's.
    await stage.setShare(100);
    await stage.promote(version);
    await stage.endCanary();
    mark('ended');
    return { outcome: 'promoted', because: 'no step found harm', steps, times };
  } catch (error) {
    return isInterrupted()
      ? await takeBack('interrupted', 'it was interrupted')
      : await takeBack('rolled back', (error as Error).message);
  }
}

/** One step, look by look. @returns the last look */
async function bake(
  percent: number,
  { stage, plan, onLook }: RollOutOptions,
  { beganMs, startedMs }: { readonly beganMs: number; readonly startedMs: number },
): Promise<Look> {
  const seconds = (ms: number) => Math.floor(ms / 1000);
  const span = () => ({
    canaryFromSeconds: seconds(beganMs),
    untilSeconds: seconds(stage.now()),
    ...(percent < 100
      ? { stableFromSeconds: seconds(beganMs), stableToSeconds: seconds(stage.now()) }
      : {
          stableFromSeconds: seconds(startedMs) - BASELINE_SECONDS,
          stableToSeconds: seconds(beganMs),
        }),
  });
  for (let looks = 0; ; ) {
    await stage.wait(lookEveryMs(plan));
    const afterMs = stage.now() - beganMs;
    const end = (
      verdict: Look['verdict'],
      because: string,
      arms?: Arms,
      findings: readonly Finding[] = [],
    ) => {
      const look = { percent, afterMs, findings, requests: arms?.canary.requests ?? 0, verdict, because };
      onLook(look);
      return look;
    };
    const now = await stage.share();
    if (now !== percent)
      return end('roll back', `somebody else set the share to ${now === 0 ? 'none' : `${now} %`}`);
    let arms: Arms | undefined;
    let problem = '';
    try {
      arms = await stage.arms(span());
    } catch (error) {
      problem = `; ${(error as Error).message}`;
    }
    const enough = arms !== undefined && arms.canary.requests >= plan.minimumRequests;
    const baked = afterMs >= plan.bakeMs;
    // The last look is kept for the end: each costs some of the chance of a false alarm.
    if (arms !== undefined && (looks < LOOKS_PER_STEP - 1 || (baked && enough))) {
      looks += 1;
      const findings = compareArms(arms, alphaOfTest(plan));
      const harm = findings.filter(({ isHarmful }) => isHarmful);
      if (harm.length > 0) return end('roll back', harm.map(inWords).join('; '), arms, findings);
      if (baked && enough) return end('passed', 'no harm found', arms, findings);
      end('goes on', enough ? '' : waitingFor(arms, plan), arms, findings);
    } else end('goes on', arms === undefined ? problem.slice(2) : waitingFor(arms, plan), arms);
    if (afterMs >= limitMs(plan))
      return end(
        'roll back',
        `not enough traffic: ${arms?.canary.requests ?? 0} of ${plan.minimumRequests} requests in ${Math.round(afterMs / 1000)} s${problem}`,
        arms,
      );
  }
}

const waitingFor = ({ canary }: Arms, { minimumRequests }: Plan) =>
  `waits for ${minimumRequests - canary.requests} more requests`;

const WORDS: Readonly<Record<Finding['signal'], string>> = {
  errors: 'failed requests',
  latency: 'requests slower than 0.5 s',
  calls: 'calls to others',
  memory: 'memory grows',
};

const inWords = ({ signal, canary, stable, pValue }: Finding) =>
  pValue === null
    ? `${WORDS[signal]}: ${canary}`
    : `${WORDS[signal]}: ${canary}, the stable version ${stable} (p ${pValue.toExponential(0)})`;
