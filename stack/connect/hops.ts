import { type Observation, SIGNALS, type Signal } from './observation.ts';

const STAGES = ['received', 'kept', 'stored', 'queryable'] as const;
type Stage = (typeof STAGES)[number];

/** One place on the way of a signal that the service's telemetry has reached. */
export interface Hop {
  /** `traces received`, `metrics queryable` and so on. */
  readonly hop: string;
  readonly ok: boolean;
  /** From when `connect` began to look; null where it was not reached. */
  readonly seconds: number | null;
}

/** Of a signal: what each stage means there. The Collector counts log records of all senders together, and keeps none itself. */
const STAGES_OF: Readonly<Record<Signal, readonly Stage[]>> = {
  traces: ['received', 'kept', 'stored', 'queryable'],
  metrics: ['received', 'kept', 'stored', 'queryable'],
  logs: ['received', 'stored', 'queryable'],
};

export const hopName = (signal: Signal, stage: Stage) => `${signal} ${stage}`;

/**
 * Which stages an observation proves. Kept: it is on the Collector's own pages. Stored: in Tempo, Prometheus or Loki, of whatever
 * time. Queryable: found there as of now, by the name. What is further on proves what is before.
 */
function provenBy(
  { onPages, prometheus, tempo, loki }: Observation,
  signal: Signal,
  spansBefore: number,
): ReadonlySet<Stage> {
  const proven: Record<Signal, Partial<Record<Stage, boolean>>> = {
    traces: {
      kept: (onPages?.spans ?? 0) > spansBefore,
      stored: tempo?.anySeconds !== undefined || tempo?.recentSeconds !== undefined,
      queryable: tempo?.recentSeconds !== undefined && prometheus?.spans !== undefined,
    },
    metrics: {
      kept: onPages?.metrics === true,
      queryable: (prometheus?.series ?? 0) > 0,
    },
    logs: {
      stored: loki?.anySeconds !== undefined || loki?.recentSeconds !== undefined,
      queryable: loki?.recentSeconds !== undefined,
    },
  };
  const furthest = STAGES_OF[signal].findLastIndex((stage) => proven[signal][stage]);
  return new Set(STAGES_OF[signal].slice(0, furthest + 1));
}

/** Remembers when each stage was first proven. */
export class HopTimes {
  readonly #seconds = new Map<string, number>();
  readonly #beganSeconds: number;
  readonly #spansBefore: number;

  /** @param spansBefore more of them have to be counted before any is one that came now */
  constructor(beganSeconds: number, spansBefore = 0) {
    this.#beganSeconds = beganSeconds;
    this.#spansBefore = spansBefore;
  }

  /** @returns the hops that this observation is the first to prove */
  note(observation: Observation): readonly Hop[] {
    const news: Hop[] = [];
    for (const signal of SIGNALS) {
      for (const stage of provenBy(observation, signal, this.#spansBefore)) {
        const hop = hopName(signal, stage);
        if (this.#seconds.has(hop)) continue;
        const seconds = Math.round((observation.atSeconds - this.#beganSeconds) * 10) / 10;
        this.#seconds.set(hop, seconds);
        news.push({ hop, ok: true, seconds });
      }
    }
    return news;
  }

  hops(signal: Signal): readonly Hop[] {
    return STAGES_OF[signal].map((stage) => {
      const hop = hopName(signal, stage);
      const seconds = this.#seconds.get(hop);
      return { hop, ok: seconds !== undefined, seconds: seconds ?? null };
    });
  }

  arrived(signal: Signal): boolean {
    return this.#seconds.has(hopName(signal, 'queryable'));
  }

  /** The first hop of a signal that was not reached; undefined where all were. */
  broken(signal: Signal): string | undefined {
    return this.hops(signal).find(({ ok }) => !ok)?.hop;
  }
}
