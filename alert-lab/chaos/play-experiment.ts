import { setTimeout as sleep } from 'node:timers/promises';
import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { newJournal, perform } from '../deed/perform.ts';
import { untilCalm } from '../drill/calm.ts';
import { compare } from '../drill/conditions.ts';
import { judgeByTruth } from '../drill/judge-by-truth.ts';
import type { RunningStack } from '../drill/running-stack.ts';
import type { Fault } from '../fault/read-faults.ts';
import type { Experiment, ExperimentRecord, PlayedFault } from './experiment-record.ts';
import { tellsOf } from './tells-of.ts';
import { watchStack } from './watch-stack.ts';

export interface Pace {
  readonly askEveryMs: number;
  /** No harm for so long is healed: not the gap between two bad samples. */
  readonly healedForMs: number;
  /** Watched on after it was told of, where nothing can heal: the ranking ripens, an action may begin. */
  readonly afterToldMs: number;
  /** Between two faults of one experiment. */
  readonly betweenMs: number;
  readonly calmTimeoutMs: number;
  /** An experiment ends when more of the storefront's requests than {@link GUARDED} fail for so long. */
  readonly guardMs: number;
}

const PACE: Pace = {
  askEveryMs: 2000,
  healedForMs: 30_000,
  afterToldMs: 120_000,
  betweenMs: 60_000,
  calmTimeoutMs: 20 * 60_000,
  guardMs: 5 * 60_000,
};

const GUARDED = 0.5;
const FAILING =
  'sum(rate(http_requests_total{service="storefront",status_class="5xx"}[30s])) / sum(rate(http_requests_total{service="storefront"}[30s]))';

export interface PlayOptions {
  readonly experiment: Experiment;
  readonly faults: ReadonlyMap<string, Fault>;
  readonly stack: RunningStack;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
  readonly pace?: Partial<Pace>;
}

/**
 * Plays an experiment on a calm stack, puts everything back and waits until it is calm again, or long enough.
 *
 * @throws Error when it is interrupted, or the stack does not answer; everything is put back then, too
 */
export async function playExperiment(options: PlayOptions): Promise<ExperimentRecord> {
  const { experiment, faults, stack, onProgress, signal } = options;
  const pace = { ...PACE, ...options.pace };
  const watch = watchStack(stack, Date.now());
  const problems: string[] = [];
  /** What the platform does not answer now it may answer next time: that is part of being broken. */
  const poll = () => watch.poll().catch(() => signal.throwIfAborted());
  const pause = async (ms: number) => {
    for (const untilMs = Date.now() + ms; Date.now() < untilMs; ) {
      await poll();
      await sleep(Math.min(pace.askEveryMs, untilMs - Date.now() + 1), undefined, { signal });
    }
  };

  onProgress(`watched for ${experiment.quietSeconds} s`);
  await pause(experiment.quietSeconds * 1000);
  const quiet = { seconds: experiment.quietSeconds, incidents: watch.incidents().length };
  const budgetsBefore = await budgets(stack);

  /** Does all that a fault begins with while `meanwhile` runs, and undoes it. */
  async function during<T>(name: string, meanwhile: (fault: Fault) => Promise<T>): Promise<T> {
    const fault = faults.get(name);
    if (fault === undefined) throw new Error(`no fault ${name}`);
    const undo: (() => Promise<void> | void)[] = [];
    const journal = newJournal();
    const over = new AbortController();
    const begin = async () => {
      for (const deed of fault.begin) {
        if (deed.after > 0)
          await sleep(deed.after * 1000, undefined, { signal: AbortSignal.any([over.signal, signal]) });
        await perform(deed, { stack, onEnd: (each) => void undo.push(each) }, journal);
      }
    };
    const begun = begin().catch((error: Error) => {
      if (!over.signal.aborted && !signal.aborted) problems.push(`${name} did not begin: ${error.message}`);
    });
    try {
      return await meanwhile(fault);
    } finally {
      over.abort();
      await begun;
      for (const each of undo.reverse())
        try {
          await each();
        } catch (error) {
          problems.push(`${name} was not put back: ${(error as Error).message}`);
        }
    }
  }

  /** Watches a fault until it healed, or there is nothing more to see. */
  async function watchFault(fault: Fault): Promise<PlayedFault> {
    const beganMs = Date.now();
    const seen = {
      hurt: false,
      harmlessSinceMs: 0,
      unnoticed: false,
      noticedMs: 0,
      failingSinceMs: 0,
      toldMs: 0,
    };
    const holds = async ({ query, is }: NonNullable<Fault['healed']>) =>
      compare(await stack.prometheus.value(query.replaceAll('$began', String(beganMs / 1000))), is);
    const end = (ended: PlayedFault['ended']): PlayedFault => ({
      fault: fault.name,
      beganMs,
      endedMs: Date.now(),
      ended,
      hurt: fault.healed === undefined ? null : seen.hurt,
      healedMs: ended === 'healed' ? seen.harmlessSinceMs : null,
      noticedMs: seen.noticedMs || null,
    });
    const look = async () => {
      if (fault.healed) {
        const harmless = await holds(fault.healed);
        if (!harmless) {
          seen.hurt = true;
          seen.harmlessSinceMs = 0;
        } else if (seen.hurt) seen.harmlessSinceMs ||= Date.now();
      }
      if (fault.expect.noticed) {
        if (!(await holds(fault.expect.noticed))) seen.unnoticed = true;
        else if (seen.unnoticed) seen.noticedMs ||= Date.now();
      }
      const failing = ((await stack.prometheus.value(FAILING)) ?? 0) > GUARDED;
      seen.failingSinceMs = failing ? seen.failingSinceMs || Date.now() : 0;
    };
    const isTold = () =>
      seen.noticedMs > 0 ||
      watch
        .incidents()
        .some(
          ({ rankings, alerts }) =>
            rankings.length > 0 && alerts.some((each) => tellsOf(each, fault, beganMs)),
        );
    for (;;) {
      await poll();
      await look().catch(() => signal.throwIfAborted());
      const nowMs = Date.now();
      if (isTold()) seen.toldMs ||= nowMs;
      const { harmlessSinceMs, failingSinceMs, toldMs } = seen;
      if (harmlessSinceMs > 0 && toldMs > 0 && nowMs - harmlessSinceMs >= pace.healedForMs)
        return end('healed');
      if (!fault.expect.mayHeal && toldMs > 0 && nowMs - toldMs >= pace.afterToldMs) return end('told');
      if (failingSinceMs > 0 && nowMs - failingSinceMs >= pace.guardMs) return end('guard');
      if (nowMs - beganMs >= fault.limit * 1000) return end('limit');
      await sleep(pace.askEveryMs, undefined, { signal });
    }
  }

  /** Of two faults nobody says which incident is whose. */
  async function judge(incidentIds: readonly number[]): Promise<void> {
    const [fault, another] = experiment.faults.map((name) => faults.get(name));
    if (fault?.truth === undefined || another !== undefined) return;
    const truth = { ...fault.truth, actions: fault.expect.actions };
    for (const id of incidentIds)
      await judgeByTruth(stack, id, truth).catch((error: Error) =>
        onProgress(`incident ${id} was not judged: ${error.message}`),
      );
  }

  const played: PlayedFault[] = [];
  const playAll = async () => {
    for (const name of experiment.faults) {
      if (played.length > 0) await pause(pace.betweenMs);
      onProgress(`${name} begins`);
      const one = await during(name, watchFault);
      played.push(one);
      onProgress(`${name} is over after ${seconds(one.endedMs - one.beganMs)} s: ${one.ended}`);
    }
  };
  if (experiment.herring === null) await playAll();
  else
    await during(experiment.herring, async ({ name }) => {
      onProgress(`${name}, which is harmless`);
      await pause(experiment.herringLeadSeconds * 1000);
      await playAll();
    });

  const overMs = Date.now();
  const isCalm = await untilCalm(stack, { timeoutMs: pace.calmTimeoutMs, signal, meanwhile: watch.poll });
  onProgress(isCalm ? `calm after ${seconds(Date.now() - overMs)} s` : 'does not calm down');
  const budgetsAfter = await budgets(stack);
  await judge(watch.incidents().map(({ id }) => id));
  return {
    experiment,
    quiet,
    played,
    ...(await watch.record()),
    budgetSpent: Object.fromEntries(
      [...budgetsAfter].flatMap(([slo, after]) => {
        const before = budgetsBefore.get(slo);
        return before === undefined ? [] : [[slo, Math.max(0, before - after)]];
      }),
    ),
    calmAfterSeconds: isCalm ? seconds(Date.now() - overMs) : null,
    problems,
  };
}

const seconds = (ms: number) => Math.round(ms / 1000);

/** What is left of each SLO's error budget, by its name. */
export async function budgets(stack: RunningStack): Promise<ReadonlyMap<string, number>> {
  const samples = await stack.prometheus.query(SERIES.budgetRemaining);
  return new Map(samples.map(({ labels, value }) => [labels.slo ?? '', value]));
}
