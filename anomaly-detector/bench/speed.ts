import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createSeriesModel } from '../model/seasonal-model.ts';
import { createHoltWinters } from './holt-winters.ts';

const STEP = 300;
const DAY_POINTS = 288;
const START = Date.UTC(2026, 0, 5) / 1000;

export interface Speed {
  /** Nanoseconds of CPU a sample. */
  readonly plainHoltWintersNs: number;
  readonly oneSeriesNs: number;
  readonly seriesInTurnNs: number;
  /** Memory a series, with all that belongs to it. */
  readonly bytesPerSeries: number;
  /** Size of one stored state. */
  readonly storedBytes: number;
}

/** Some day with noise, the same in each run. */
function samples(count: number): Float64Array {
  let state = 1;
  return Float64Array.from({ length: count }, (_, index) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 100 + 30 * Math.sin((2 * Math.PI * index) / DAY_POINTS) + state / 2 ** 31;
  });
}

/** CPU time, not the clock's: other programs on the machine shall not count. */
function nanosecondsEach(count: number, work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / count;
}

// Without it, what is measured is garbage not yet collected.
setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const bytesInUse = (): number => {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** What a sample costs: a plain Holt-Winters, one series alone, and many in turn, whose states no cache holds. */
export function measureSpeed(seriesCount: number): Speed {
  const values = samples(200 * DAY_POINTS);
  const plain = createHoltWinters(
    { level: 0.1, trend: 0.01, damping: 0.98, seasonal: 0.1 },
    { level: 100, trend: 0, seasonal: new Array(DAY_POINTS).fill(0) },
  );
  const runPlain = () => {
    for (const value of values) plain.update(value);
  };
  runPlain();
  const plainHoltWintersNs = nanosecondsEach(values.length, runPlain);

  const single = createSeriesModel({ stepSeconds: STEP, timeZone: 'Europe/Berlin' });
  let at = START;
  const runSingle = () => {
    for (const value of values) {
      single.update(at, value);
      at += STEP;
    }
  };
  runSingle();
  const oneSeriesNs = nanosecondsEach(values.length, runSingle);

  const before = bytesInUse();
  const models = Array.from({ length: seriesCount }, () =>
    createSeriesModel({ stepSeconds: STEP, timeZone: 'Europe/Berlin' }),
  );
  const runInTurn = (from: number, rounds: number) => {
    for (let round = 0; round < rounds; round += 1)
      for (const [index, model] of models.entries())
        model.update(START + (from + round) * STEP, values[(round + index) % values.length]!);
  };
  const rounds = 40;
  runInTurn(0, rounds);
  runInTurn(DAY_POINTS, rounds);
  const seriesInTurnNs = nanosecondsEach(rounds * seriesCount, () => runInTurn(2 * DAY_POINTS, rounds));
  const bytesPerSeries = (bytesInUse() - before) / seriesCount;
  return {
    plainHoltWintersNs,
    oneSeriesNs,
    seriesInTurnNs,
    bytesPerSeries,
    storedBytes: single.serialize().length,
  };
}
