import { FLAGS } from '@aiops-sre/conventions/flags.ts';
import type { Client } from '@openfeature/server-sdk';
import { relativeRate } from './shape.ts';

const MAX_FACTOR = 10;

interface CurrentRateOptions {
  readonly meanPerSecond: number;
  readonly timeZone: string;
  readonly flags: Client;
  readonly timestampMs: number;
}

/** Arrivals per second at this time: the mean, shaped by hour and day, times the flag's factor (kept in 0..10). */
export async function currentRate({
  meanPerSecond,
  timeZone,
  flags,
  timestampMs,
}: CurrentRateOptions): Promise<number> {
  const factor = await flags.getNumberValue(FLAGS.trafficRateFactor, 1);
  return meanPerSecond * relativeRate(timestampMs, timeZone) * Math.min(MAX_FACTOR, Math.max(0, factor));
}
