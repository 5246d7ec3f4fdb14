import { createEventFeed, type EventFeed } from '@aiops-sre/incident-responder/event-feed.ts';
import type { RunningStack } from '../../drill/running-stack.ts';
import type { Flight } from '../flight.ts';
import type { Pace, Progress } from '../fly.ts';
import { flyMission, SchoolError } from '../fly-mission.ts';
import type { Mission } from '../read-missions.ts';
import { parseStep } from '../step.ts';

const LINES_KEPT = 12;

type Phase =
  | { readonly kind: 'calming' }
  | { readonly kind: 'flying'; readonly progress: Progress | undefined }
  | { readonly kind: 'flown'; readonly flight: Flight }
  | { readonly kind: 'failed'; readonly problem: string };

export interface DeskState {
  readonly mission: Mission;
  /** As they are called in the console. */
  readonly learner: string;
  readonly phase: Phase;
  /** What the flight said, oldest first. */
  readonly said: readonly string[];
}

export interface Desk {
  readonly events: EventFeed;
  /** Of the last mission that was begun here. */
  state(): DeskState | undefined;
  /** @throws SchoolError while another is flown here */
  begin(mission: Mission, learner: string): void;
  /** A line as it is typed in the terminal; what is wrong with it is said. */
  type(line: string): void;
  /** Ends the flight, and waits until everything is put back. */
  end(): Promise<void>;
}

export interface DeskOptions {
  readonly stack: RunningStack;
  readonly missions: readonly Mission[];
  /** Where flights are kept. */
  readonly results: string;
  readonly pace?: Partial<Pace>;
}

/** One flight at a time, of whoever sits at it. */
export function createDesk({ stack, missions, results, pace }: DeskOptions): Desk {
  const events = createEventFeed();
  let state: DeskState | undefined;
  let interrupted = new AbortController();
  let flown = Promise.resolve();
  const typed: string[] = [];
  const change = (more: Partial<DeskState>) => {
    if (state !== undefined) state = { ...state, ...more };
    events.publish({ topic: 'incident', id: 0 });
  };
  const say = (line: string) => change({ said: [...(state?.said ?? []), line].slice(-LINES_KEPT) });
  const isFlying = () => state?.phase.kind === 'calming' || state?.phase.kind === 'flying';

  async function flight(mission: Mission, signal: AbortSignal): Promise<void> {
    try {
      await stack.requireRunning();
      const flight = await flyMission({
        ...{ mission, missions, stack, results, signal, say },
        pilot: { name: 'person', lines: () => typed.splice(0) },
        onCalm: () => change({ phase: { kind: 'flying', progress: undefined } }),
        show: (progress) => change({ phase: { kind: 'flying', progress } }),
        ...(pace && { pace }),
      });
      change({ phase: { kind: 'flown', flight } });
    } catch (error) {
      change({ phase: { kind: 'failed', problem: (error as Error).message } });
    }
  }

  return {
    events,
    state: () => state,
    begin(mission, learner) {
      if (state !== undefined && isFlying())
        throw new SchoolError(
          `${state.mission.title} is being flown by ${state.learner}: one learner at a time`,
        );
      typed.length = 0;
      interrupted = new AbortController();
      state = { mission, learner, phase: { kind: 'calming' }, said: [] };
      flown = flight(mission, interrupted.signal);
    },
    type(line) {
      if (!isFlying()) return;
      try {
        parseStep(line);
        typed.push(line);
      } catch (error) {
        say((error as Error).message);
      }
    },
    async end() {
      interrupted.abort();
      await flown;
    },
  };
}
