import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@aiops-sre/service-kit/random/seeded-random.ts';
import { budgets } from '../chaos/play-experiment.ts';
import { tellsOf } from '../chaos/tells-of.ts';
import { newJournal, perform } from '../deed/perform.ts';
import { compare } from '../drill/conditions.ts';
import type { RunningStack } from '../drill/running-stack.ts';
import type { Act, Flight, PilotName, RootAnswer, TimelineEntry } from './flight.ts';
import { putBack } from './put-back.ts';
import type { Mission } from './read-missions.ts';
import { actOf, parseStep, type Step, StepError } from './step.ts';

export interface Pace {
  readonly askEveryMs: number;
  readonly quietMs: number;
  /** No harm for so long is mitigated: not the gap between two bad samples. */
  readonly healedForMs: number;
  /** A responder that has not mitigated so long after the page will not. */
  readonly responderMs: number;
  /** A stack that does not answer for so long was stopped. */
  readonly silentMs: number;
  /** So far wall clock and monotonic clock may part: more is a machine that slept, or a clock that was set. */
  readonly clockMs: number;
}

const PACE: Pace = {
  askEveryMs: 2000,
  quietMs: 60_000,
  healedForMs: 20_000,
  responderMs: 5 * 60_000,
  silentMs: 60_000,
  clockMs: 30_000,
};
/** A change of the responder's shows within this. */
const RESPONDER_ACTS_MS = 60_000;

export interface Pilot {
  readonly name: PilotName;
  /** Lines that it has typed since; of an expert, all of its script once it is paged. */
  lines(isPaged: boolean): readonly string[];
}

/** What a learner is paged with. */
interface Page {
  readonly id: number;
  readonly title: string;
  readonly severity: string;
  /** Names of its alerts at that moment. */
  readonly alerts: readonly string[];
}

/** How far it is, for who flies it; when the fault began is not theirs to know. */
export interface Progress
  extends Pick<
    Flight,
    'pagedMs' | 'acknowledgedMs' | 'impact' | 'root' | 'mitigatedMs' | 'acts' | 'hintCost'
  > {
  readonly page: Page | undefined;
  readonly hints: readonly string[];
}

export interface FlyOptions {
  readonly mission: Mission;
  readonly pilot: Pilot;
  readonly stack: RunningStack;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Called at each look. */
  readonly beat: () => void;
  /** Called after each look. */
  readonly show?: (progress: Progress) => void;
  readonly pace?: Partial<Pace>;
  readonly now?: () => number;
}

/** Begins the fault, follows what is done about it, and puts everything back however it ends. Interrupted is a way to end. */
export async function fly(options: FlyOptions): Promise<Flight> {
  const { mission, pilot, stack, signal, say, beat, show = () => {}, now = Date.now } = options;
  const pace = { ...PACE, ...options.pace };
  const { fault } = mission;
  const flagsBefore = stack.flags();
  const startedBefore = stack.startedAt();
  const budgetsBefore = await budgets(stack);
  const timeline: TimelineEntry[] = [];
  const acts: Act[] = [];
  const problems: string[] = [];
  const undo: (() => Promise<void> | void)[] = [];
  const over = new AbortController();
  const ending = AbortSignal.any([signal, over.signal]);

  let beganMs = now();
  let incidentId: number | undefined;
  let page: Page | undefined;
  let pagedMs: number | null = null;
  let acknowledgedMs: number | null = null;
  let impact: Flight['impact'] = null;
  let root: RootAnswer | null = null;
  let contributing: Flight['contributing'] = null;
  let improve: Flight['improve'] = null;
  let hasHurt = false;
  let harmlessSinceMs: number | null = null;
  let mitigatedMs: number | null = null;
  let hintsGiven = 0;
  let isDone = false;

  const note = (who: TimelineEntry['who'], what: string, atMs = now()) => timeline.push({ atMs, who, what });
  const act = (what: string, by: Act['by'], atMs = now()) => {
    acts.push({ atMs, by, what });
    note(by, what, atMs);
  };

  async function begin(): Promise<void> {
    const journal = newJournal();
    for (const deed of fault.begin) {
      if (deed.after > 0) await sleep(deed.after * 1000, undefined, { signal: ending });
      await perform(deed, { stack, onEnd: (each) => void undo.push(each) }, journal);
    }
  }

  let known = flagsBefore;
  const startsOf = async () =>
    new Map(((await stack.supervisor.processes()) ?? []).map(({ name, startedAtMs }) => [name, startedAtMs]));
  let starts = await startsOf();
  const hasSupervisor = starts.size > 0;
  /** Also one that is back already. */
  const wasStopped = async () =>
    stack.startedAt() !== startedBefore ||
    (hasSupervisor && (await stack.supervisor.processes()) === undefined);
  /** Processes whose next start is no news: the fault's, and those that the pilot restarts by a line. */
  const expected = new Set<string>(
    fault.begin.flatMap(({ start = [], kill = [], crashLoop }) => [
      ...[...start, ...kill],
      ...(crashLoop ? [crashLoop.process] : []),
    ]),
  );
  const faultsVariants = new Map(fault.begin.flatMap(({ setFlags = {} }) => Object.entries(setFlags)));

  async function take(step: Step): Promise<void> {
    const what = actOf(step);
    switch (step.kind) {
      case 'acknowledge':
        if (incidentId === undefined) throw new StepError('nobody was paged yet');
        await stack.acknowledge(incidentId);
        if (acknowledgedMs === null) note('pilot', 'acknowledges');
        acknowledgedMs ??= now();
        return;
      case 'impact':
        impact = step.impact;
        return;
      case 'root':
        root = { atMs: now(), service: step.service, cause: step.cause, instance: step.instance };
        note('pilot', `names ${[step.service, step.cause, step.instance ?? []].flat().join(' ')}`);
        return;
      case 'hint': {
        const hint = mission.hints[hintsGiven];
        if (hint === undefined) throw new StepError('there are no more hints');
        hintsGiven++;
        say(`Hint, ${hint.cost} points: ${hint.text}`);
        note('pilot', 'takes a hint');
        return;
      }
      case 'contributing':
        contributing = step.contributing;
        return;
      case 'improve':
        improve = step.improve;
        return;
      case 'done':
        isDone = true;
        return;
      case 'flag':
        if (!known.has(step.flag))
          throw new StepError(`no flag ${step.flag}: ${[...known.keys()].join(', ')}`);
        if (!stack.flagVariants().get(step.flag)?.includes(step.variant))
          throw new StepError(
            `no variant ${step.variant} of ${step.flag}: ${stack.flagVariants().get(step.flag)?.join(', ')}`,
          );
        stack.setFlag(step.flag, step.variant);
        known = stack.flags();
        break;
      case 'restart':
      case 'start':
        if (!starts.has(step.process))
          throw new StepError(`no process ${step.process}: ${[...starts.keys()].join(', ') || 'not here'}`);
        expected.add(step.process);
        await stack.supervisor.act(step.process, step.kind);
        break;
      case 'approve': {
        const run =
          incidentId === undefined
            ? undefined
            : (await stack.actionRuns(incidentId)).find(
                ({ action, state }) => action === step.action && state === 'proposed',
              );
        if (run === undefined) throw new StepError(`${step.action} does not wait for approval`);
        await stack.approve(run.id, 'flight school');
        return; // seen as what was approved, like one of the console
      }
    }
    if (what !== undefined) act(what, 'pilot');
  }

  async function listen(): Promise<void> {
    for (const line of pilot.lines(pagedMs !== null)) {
      if (line.trim() === '') continue;
      try {
        await take(parseStep(line));
      } catch (error) {
        signal.throwIfAborted();
        say((error as Error).message);
      }
    }
  }

  /** What was done by other tools, from what they leave behind. */
  async function follow(): Promise<void> {
    const runs = incidentId === undefined ? [] : await stack.actionRuns(incidentId);
    const audit = incidentId === undefined ? [] : await stack.auditEntries(incidentId);
    // What is safe the responder approves itself.
    const approved = audit
      .filter(({ event, actor }) => event === 'action.approved' && actor !== 'responder')
      .map(({ detail }) => detail.action);
    for (const { action, startedAt } of runs) {
      const what = `action ${action}`;
      if (startedAt !== null && !acts.some((each) => each.what === what))
        act(what, approved.includes(action) ? 'pilot' : 'responder', Date.parse(startedAt));
    }
    const isResponders = runs.some(
      ({ startedAt }) => startedAt !== null && now() - Date.parse(startedAt) < RESPONDER_ACTS_MS,
    );
    const flags = stack.flags();
    for (const [flag, variant] of flags)
      if (known.get(flag) !== variant && faultsVariants.get(flag) !== variant && !isResponders)
        act(`flag ${flag} ${variant}`, 'pilot');
    known = flags;
    const running = await startsOf();
    for (const [name, startedAtMs] of running)
      if (
        startedAtMs !== undefined &&
        starts.get(name) !== startedAtMs &&
        !expected.has(name) &&
        !isResponders
      )
        act(`restart ${name}`, 'pilot');
    starts = running;
  }

  async function look(): Promise<void> {
    if (incidentId === undefined)
      for (const { id, status } of await stack.incidents()) {
        if (status === 'resolved') continue;
        const { alerts, title, severity } = await stack.incident(id);
        const isIts = alerts.some(({ labels, startsAt }) =>
          tellsOf({ labels, startsAtMs: Date.parse(startsAt), seenMs: Date.now() }, fault, beganMs),
        );
        if (!isIts) continue;
        incidentId = id;
        pagedMs = now();
        page = {
          id,
          title,
          severity,
          alerts: [...new Set(alerts.flatMap(({ labels }) => labels.alertname ?? []))],
        };
        note('responder', 'pages');
        say(`You are paged: incident ${id}, ${stack.url('incidentResponder', `/incidents/${id}`)}`);
        break;
      }
    if (incidentId !== undefined) {
      const { acknowledgedAt, acknowledgedBy, hypotheses } = await stack.incident(incidentId);
      // Where it acts it takes an incident on itself, and the first who does stays.
      if (acknowledgedAt !== null && acknowledgedBy !== 'responder' && acknowledgedMs === null) {
        acknowledgedMs = Date.parse(acknowledgedAt);
        note('pilot', 'acknowledges', acknowledgedMs);
      }
      const [first] = hypotheses;
      if (first !== undefined) {
        const what = `names ${first.service} ${first.cause}`;
        if (
          timeline.findLast((each) => each.who === 'responder' && each.what.startsWith('names'))?.what !==
          what
        ) {
          note('responder', what);
          if (pilot.name === 'responder') root = { atMs: now(), ...first };
        } else if (pilot.name === 'responder' && root) root = { ...first, atMs: root.atMs };
      }
    }
    const { query, is } = mission.healed;
    const value = await stack.prometheus.value(query.replaceAll('$began', String(beganMs / 1000)));
    if (!compare(value, is)) {
      hasHurt = true;
      harmlessSinceMs = null;
    } else if (hasHurt) harmlessSinceMs ??= now();
    if (harmlessSinceMs !== null && now() - harmlessSinceMs >= pace.healedForMs && mitigatedMs === null) {
      mitigatedMs = harmlessSinceMs;
      note('fault', 'does no harm any more', mitigatedMs);
      say('It does no harm any more.');
    }
  }

  const hintCost = () => mission.hints.slice(0, hintsGiven).reduce((sum, { cost }) => sum + cost, 0);

  function isOver(): Flight['ended'] | undefined {
    const hasTold = !['person', 'agent'].includes(pilot.name) || (root !== null && impact !== null);
    if (mitigatedMs !== null && pagedMs !== null && (hasTold || isDone)) return 'mitigated';
    if (isDone) return 'given-up';
    if (pilot.name === 'responder' && pagedMs !== null && now() - pagedMs >= pace.responderMs)
      return 'given-up';
    return now() - beganMs >= mission.limit * 1000 ? 'limit' : undefined;
  }

  const clocksApart = () => now() - performance.now();
  let ended: Flight['ended'] = 'interrupted';
  let begun: Promise<void> | undefined;
  try {
    await sleep(seededRandom(mission.seed)() * pace.quietMs, undefined, { signal });
    beganMs = now();
    note('fault', 'begins');
    begun = begin().catch((error: Error) => {
      if (!ending.aborted) problems.push(`the fault did not begin: ${error.message}`);
    });
    const apart = clocksApart();
    let heardMs = performance.now();
    for (;;) {
      beat();
      await listen();
      try {
        if (await wasStopped()) {
          problems.push('the stack was stopped, or started again: there is nothing left to follow');
          break;
        }
        await look();
        await follow();
        heardMs = performance.now();
      } catch (error) {
        signal.throwIfAborted();
        if (performance.now() - heardMs > pace.silentMs)
          problems.push(`the stack does not answer: ${(error as Error).message}`);
      }
      if (Math.abs(clocksApart() - apart) > pace.clockMs)
        problems.push('the machine slept, or its clock was set: times would be wrong');
      show({
        ...{ pagedMs, page, acknowledgedMs, impact, root, mitigatedMs, acts: [...acts] },
        hints: mission.hints.slice(0, hintsGiven).map(({ text }) => text),
        hintCost: hintCost(),
      });
      if (problems.length > 0) break;
      const end = isOver();
      if (end !== undefined) {
        ended = end;
        break;
      }
      await sleep(pace.askEveryMs, undefined, { signal });
    }
  } catch (error) {
    ended = 'interrupted';
    problems.push(signal.aborted ? 'interrupted' : (error as Error).message);
  } finally {
    over.abort();
    await begun;
  }
  const endedMs = now();
  const budgetsAfter = await budgets(stack).catch(() => budgetsBefore);
  problems.push(...(await putBack(stack, undo, flagsBefore)));
  return {
    mission: mission.name,
    pilot: pilot.name,
    beganMs,
    pagedMs,
    // It is at its post at once.
    acknowledgedMs: pilot.name === 'responder' ? pagedMs : acknowledgedMs,
    impact,
    root,
    contributing,
    improve,
    mitigatedMs,
    acts,
    hintCost: hintCost(),
    budgetSpent: Math.max(
      0,
      ...[...budgetsAfter].map(([slo, after]) => (budgetsBefore.get(slo) ?? after) - after),
    ),
    endedMs,
    ended,
    problems,
    timeline: timeline.toSorted((one, other) => one.atMs - other.atMs),
  };
}
