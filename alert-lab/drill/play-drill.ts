import { setTimeout as sleep } from 'node:timers/promises';
import { type Drill, DrillFailure, type Milestone, type Stage } from './drill.ts';
import { judgeByTruth } from './judge-by-truth.ts';
import type { AuditEntryView, RunningStack } from './running-stack.ts';

const ASK_EVERY_MS = 1000;

export interface DrillResult {
  readonly drill: string;
  readonly passed: boolean;
  /** Why it did not. */
  readonly failure: string | null;
  readonly milestones: readonly Milestone[];
  readonly incidentId: number | null;
  readonly audit: readonly AuditEntryView[];
  /** Whether the audit log's hash chain holds. */
  readonly auditIntact: boolean | null;
}

export interface PlayDrillOptions {
  readonly drill: Drill;
  readonly stack: RunningStack;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

/** Plays a drill and puts the stack back, whatever happens. A drill that fails is a result, not an error. */
export async function playDrill({
  drill,
  stack,
  onProgress,
  signal,
  now = Date.now,
}: PlayDrillOptions): Promise<DrillResult> {
  const milestones: Milestone[] = [];
  const undo: (() => Promise<void> | void)[] = [];
  let zeroMs: number | undefined;
  let incidentId: number | null = null;
  const note = (what: string, withinSeconds: number | null) => {
    const atMs = now();
    zeroMs ??= atMs;
    const afterSeconds = (atMs - zeroMs) / 1000;
    milestones.push({ what, afterSeconds, withinSeconds });
    onProgress(`${afterSeconds.toFixed(0).padStart(5)} s  ${what}`);
  };
  const stage: Stage = {
    stack,
    mark: (what) => note(what, null),
    async within(what, withinSeconds, attempt) {
      let last: unknown;
      for (;;) {
        signal.throwIfAborted();
        try {
          const result = await attempt();
          if (result !== undefined && result !== false) {
            note(what, withinSeconds);
            return result as Exclude<typeof result, undefined | false>;
          }
        } catch (error) {
          last = error;
        }
        if (now() - (zeroMs ?? now()) > withinSeconds * 1000)
          throw new DrillFailure(`${what}: not within ${withinSeconds} s`, { cause: last });
        await sleep(ASK_EVERY_MS, undefined, { signal });
      }
    },
    zeroMs: () => zeroMs ?? now(),
    about: (id) => {
      incidentId = id;
    },
    elapsed: () => Math.ceil((now() - (zeroMs ?? now())) / 1000),
    onEnd: (each) => void undo.push(each),
  };

  async function untilReady({ what, withinSeconds, holds }: NonNullable<Drill['ready']>): Promise<void> {
    onProgress(`waiting for ${what}`);
    const deadlineMs = now() + withinSeconds * 1000;
    while (!(await holds(stack).catch(() => false))) {
      if (now() > deadlineMs) throw new DrillFailure(`${what}: not within ${withinSeconds} s`);
      await sleep(ASK_EVERY_MS, undefined, { signal });
    }
  }

  let failure: string | null = null;
  try {
    await stack.requireRunning();
    if (drill.ready !== undefined) await untilReady(drill.ready);
    incidentId = (await drill.play(stage)).incidentId;
  } catch (error) {
    const { message, cause } = error as Error;
    failure = cause instanceof Error ? `${message} (${cause.message})` : message;
  }
  for (const each of undo.reverse()) {
    try {
      await each();
    } catch (error) {
      failure ??= `not put back: ${(error as Error).message}`;
    }
  }
  if (drill.truth !== undefined && incidentId !== null)
    await judgeByTruth(stack, incidentId, drill.truth).catch((error: Error) =>
      onProgress(`not judged: ${error.message}`),
    );
  const audit = incidentId === null ? [] : await stack.auditEntries(incidentId).catch(() => []);
  const last = audit.at(-1);
  if (failure !== null && last !== undefined) failure += `; last of all: ${last.event} by ${last.actor}`;
  const verdict = await stack.auditVerdict().catch(() => undefined);
  if (verdict?.intact === false) failure ??= `the audit log's chain is broken: ${verdict.problem}`;
  return {
    drill: drill.name,
    passed: failure === null,
    failure,
    milestones,
    incidentId,
    audit,
    auditIntact: verdict?.intact ?? null,
  };
}
