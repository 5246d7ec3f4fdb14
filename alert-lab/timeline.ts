import { errorRatioAt, type Incident, TICK_SECONDS } from './incident.ts';

/** Cumulative counts at a moment; undefined where the scrape is missing. */
export interface Sample {
  readonly seconds: number;
  readonly good: number;
  readonly bad: number;
}

/** An incident with its place in the timeline. */
export interface PlacedIncident {
  readonly incident: Incident;
  /** Time of the last sample before it. */
  readonly startSeconds: number;
  /** Time of the last sample of it. */
  readonly endSeconds: number;
}

/** Long enough for every window to forget the incident before. */
const CALM_SECONDS = 3 * 86_400 + 3600;
/** Before and after an incident counters are scraped as densely as in production, in between once a minute. */
const DENSE_BEFORE_SECONDS = 6 * 3600 + 900;
const DENSE_AFTER_SECONDS = 3600;
const CALM_STEP_SECONDS = 60;
export const EVENTS_A_SECOND = 300;

/** Incidents one after the other on one pair of counters, from `fromSeconds` on, a multiple of a minute. */
export function placeIncidents(incidents: readonly Incident[], fromSeconds: number): PlacedIncident[] {
  let at = fromSeconds;
  return incidents.map((incident) => {
    const startSeconds = at + CALM_SECONDS;
    const endSeconds = startSeconds + incident.seconds;
    at = Math.ceil((endSeconds + DENSE_AFTER_SECONDS) / CALM_STEP_SECONDS) * CALM_STEP_SECONDS;
    return { incident, startSeconds, endSeconds };
  });
}

/** Every scrape of the whole timeline, in order. */
export function* samplesOf(placed: readonly PlacedIncident[], fromSeconds: number): Generator<Sample> {
  const counters = new Counters();
  let at = fromSeconds;
  yield counters.sample(at);
  for (const { incident, startSeconds, endSeconds } of placed) {
    while (at < startSeconds - DENSE_BEFORE_SECONDS) {
      counters.count(EVENTS_A_SECOND * CALM_STEP_SECONDS, 0);
      at += CALM_STEP_SECONDS;
      yield counters.sample(at);
    }
    while (at < startSeconds) {
      counters.count(EVENTS_A_SECOND * TICK_SECONDS, 0);
      at += TICK_SECONDS;
      yield counters.sample(at);
    }
    for (let tick = 0; at < endSeconds; tick += 1) {
      at += TICK_SECONDS;
      if (countTick(counters, incident, tick)) yield counters.sample(at);
    }
    const calmAgain = Math.ceil((endSeconds + DENSE_AFTER_SECONDS) / CALM_STEP_SECONDS) * CALM_STEP_SECONDS;
    while (at < calmAgain) {
      counters.count(EVENTS_A_SECOND * TICK_SECONDS, 0);
      at += TICK_SECONDS;
      yield counters.sample(at);
    }
  }
  // The last incident's alerts need a calm to end in.
  for (const until = at + CALM_SECONDS; at < until; at += CALM_STEP_SECONDS) {
    counters.count(EVENTS_A_SECOND * CALM_STEP_SECONDS, 0);
    yield counters.sample(at + CALM_STEP_SECONDS);
  }
}

/** @returns whether this tick is scraped */
function countTick(counters: Counters, incident: Incident, tick: number): boolean {
  const { shape } = incident.scenario;
  const ticks = incident.seconds / TICK_SECONDS;
  switch (shape.kind) {
    case 'no-traffic':
      return true;
    case 'restart':
      if (tick === 0) counters.restart();
      return tick === ticks - 1;
    case 'quiet': {
      const ticksACall = 60 / TICK_SECONDS / shape.callsAMinute;
      if (tick % ticksACall !== 0) return true;
      const call = tick / ticksACall;
      const calls = Math.ceil(ticks / ticksACall);
      const failsEvery = Math.floor(calls / (shape.failures + 1));
      const fails = call > 0 && call % failsEvery === 0 && call / failsEvery <= shape.failures;
      counters.count(1, fails ? 1 : 0);
      return true;
    }
    default: {
      const events = EVENTS_A_SECOND * TICK_SECONDS;
      counters.count(events, events * errorRatioAt(incident, tick));
      return true;
    }
  }
}

/** Whole events; what a share of bad ones leaves over is carried on. */
class Counters {
  #good = 1e9;
  #bad = 1e6;
  #owed = 0;

  count(events: number, bad: number): void {
    const exact = bad + this.#owed;
    const whole = bad === 0 ? 0 : Math.round(exact);
    this.#owed = bad === 0 ? 0 : exact - whole;
    this.#bad += whole;
    this.#good += events - whole;
  }

  restart(): void {
    this.#good = 0;
    this.#bad = 0;
    this.#owed = 0;
  }

  sample(seconds: number): Sample {
    return { seconds, good: this.#good, bad: this.#bad };
  }
}
