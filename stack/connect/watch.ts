import { setTimeout as sleep } from 'node:timers/promises';
import { type Cause, causes } from './causes.ts';
import { type Hop, HopTimes } from './hops.ts';
import { type Observation, SIGNALS, type Signal } from './observation.ts';
import { remarks } from './remarks.ts';

export interface WatchOptions {
  readonly service: string;
  readonly observe: () => Promise<Observation>;
  readonly ports: { readonly grpc: number; readonly http: number };
  /** For the first signal. */
  readonly waitMs: number;
  /** For the others, from the first one on: SDKs send metrics once a minute. */
  readonly othersMs: number;
  /** Telemetry has to come now: what is already there is of before. */
  readonly fresh: boolean;
  readonly signal: AbortSignal;
  /** A hop that was reached, or what is waited for. */
  readonly say: (line: string) => void;
  /** Called once, when there is enough to adopt; the watch goes on meanwhile. */
  readonly onAdoptable?: () => void;
}

export interface Watched {
  readonly arrived: readonly Signal[];
  readonly missing: readonly Signal[];
  /** Of the signals that arrived, or of all where none did. */
  readonly hops: readonly Hop[];
  /** Why the missing ones do not come. */
  readonly causes: readonly Cause[];
  readonly remarks: readonly string[];
  readonly last: Observation;
}

const LOOK_EVERY_MS = 1_000;
const SAY_EVERY_MS = 10_000;
/** In a row without an answer of the Collector, until there is nothing to wait for: seconds where its port is shut, more where it is slow. */
const MOST_LOOKS_IN_VAIN = 5;

/** Looks until every signal has come the whole way, or time is up. @throws where `signal` aborts */
export async function watch(options: WatchOptions): Promise<Watched> {
  const { service, observe, ports, waitMs, othersMs, fresh, signal, say, onAdoptable } = options;
  const beganMs = Date.now();
  let last = await observe();
  const first = last;
  let looksInVain = first.collector ? 0 : 1;
  const times = new HopTimes(first.atSeconds, fresh ? (first.onPages?.spans ?? 0) : 0);
  let [saidMs, firstArrivedMs, adoptable] = [beganMs, Number.POSITIVE_INFINITY, false];
  for (;;) {
    for (const { hop, seconds } of times.note(last)) say(`  ${hop.padEnd(18)} after ${seconds} s`);
    const nowMs = Date.now();
    const missing = SIGNALS.filter((each) => !times.arrived(each));
    const arrived = SIGNALS.filter((each) => times.arrived(each));
    if (arrived.length > 0) firstArrivedMs = Math.min(firstArrivedMs, nowMs);
    if (!adoptable && (times.arrived('traces') || times.arrived('metrics'))) {
      adoptable = true;
      onAdoptable?.();
    }
    const timeIsUp =
      looksInVain >= MOST_LOOKS_IN_VAIN || nowMs - beganMs >= waitMs || nowMs - firstArrivedMs >= othersMs;
    if (missing.length === 0 || timeIsUp)
      return {
        arrived,
        missing,
        hops: (arrived.length > 0 ? arrived : SIGNALS).flatMap((each) => times.hops(each)),
        causes: causes({ service, first, last, missing, arrived, ports }),
        remarks: arrived.length > 0 ? remarks(service, first, last) : [],
        last,
      };
    if (nowMs - saidMs >= SAY_EVERY_MS) {
      saidMs = nowMs;
      const waitsFor = missing.map((each) => times.broken(each)).join(', ');
      say(`  ... ${Math.round((nowMs - beganMs) / 1000)} s, waiting for: ${waitsFor}`);
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal });
    const next = await observe();
    looksInVain = next.collector ? 0 : looksInVain + 1;
    // One answer that is late says nothing of what was counted.
    last =
      looksInVain >= MOST_LOOKS_IN_VAIN ? next : { ...next, collector: next.collector ?? last.collector };
  }
}
