/** Requests a second of ordinary reads (fast) and of documents and checkouts, which take other services too (slow). */
export interface Plan {
  readonly storefrontUrl: string;
  readonly seconds: number;
  readonly fastPerSecond: number;
  readonly slowPerSecond: number;
  readonly report: 'text' | 'json';
}

/** Longer than the storefront waits for anything, so that its answers are counted and not our patience. */
export const REQUEST_TIMEOUT_SECONDS = 10;

const LIMITS = {
  LOAD_SECONDS: { min: 1, max: 600, fallback: 60 },
  LOAD_FAST_PER_SECOND: { min: 1, max: 40, fallback: 8 },
  LOAD_SLOW_PER_SECOND: { min: 1, max: 10, fallback: 2 },
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the environment asks for, bounded in time and rate. Empty variables count as unset. k6 has no packages, so the
 * checks are by hand.
 *
 * @throws Error naming the variable, what was expected and what it held.
 */
export function readPlan(environment: Environment): Plan {
  const report = environment.LOAD_REPORT || 'text';
  if (report !== 'text' && report !== 'json') throw wrong('LOAD_REPORT', 'text or json', report);
  const storefrontUrl = (environment.STOREFRONT_URL || 'http://127.0.0.1:3000').replace(/\/+$/, '');
  if (!/^https?:\/\/[^\s/?#]+$/.test(storefrontUrl))
    throw wrong('STOREFRONT_URL', 'http or https, a host and a port', storefrontUrl);
  return {
    storefrontUrl,
    seconds: wholeNumber(environment, 'LOAD_SECONDS'),
    fastPerSecond: wholeNumber(environment, 'LOAD_FAST_PER_SECOND'),
    slowPerSecond: wholeNumber(environment, 'LOAD_SLOW_PER_SECOND'),
    report,
  };
}

function wholeNumber(environment: Environment, name: keyof typeof LIMITS): number {
  const { min, max, fallback } = LIMITS[name];
  const text = environment[name] || String(fallback);
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw wrong(name, `a whole number from ${min} to ${max}`, text);
  return value;
}

function wrong(name: string, expected: string, got: string): Error {
  return new Error(`environment: ${name}: expected ${expected}, got ${JSON.stringify(got)}`);
}

/**
 * An open model: requests start at their rate, however slow the answers are, as visitors do. There are as many virtual
 * users as it takes when every request times out, so that none is dropped.
 */
export function arrivals(perSecond: number, { seconds }: Pick<Plan, 'seconds'>, exec: string) {
  return {
    executor: 'constant-arrival-rate' as const,
    exec,
    rate: perSecond,
    timeUnit: '1s',
    duration: `${seconds}s`,
    preAllocatedVUs: perSecond,
    maxVUs: perSecond * (REQUEST_TIMEOUT_SECONDS + 1),
    gracefulStop: `${REQUEST_TIMEOUT_SECONDS}s`,
  };
}
