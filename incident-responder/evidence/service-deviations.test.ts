import { expect, it } from 'vitest';
import { type Shift, shiftedSeries } from '../testing/shifted-series.ts';
import { serviceDeviations } from './service-deviations.ts';

const ONSET_SECONDS = 1_700_000_000;
const deviationsOf = (...shifts: Shift[]) =>
  serviceDeviations(
    shifts.map((shift) => shiftedSeries(shift, ONSET_SECONDS)),
    ONSET_SECONDS,
  );
const requests = { service: 'identity', signal: 'requests', before: 100, after: 100 } as const;

it('a service is told by errors, duration and saturation, as far as they are measured', () => {
  const [identity] = deviationsOf(requests, {
    service: 'identity',
    signal: 'duration',
    before: 0.02,
    after: 2,
  });
  expect(Object.keys(identity!.troubles)).toEqual(['duration']);
  expect(identity!.troubles.duration!.distance).toBeGreaterThan(20);
});

it('of several signals of one trouble the farthest off counts', () => {
  const [identity] = deviationsOf(
    { service: 'identity', signal: 'cpu', before: 20, after: 21 },
    { service: 'identity', signal: 'memory', before: 1e8, after: 5e8 },
  );
  expect(identity!.troubles.saturation!.before).toBeCloseTo(1e8, -7);
});

it('a processor that is busier by as much as there is more to do is as it should be', () => {
  const cpu = { service: 'identity', signal: 'cpu', before: 20, after: 60 } as const;
  const distance = (requestsAfter: number) =>
    deviationsOf({ ...requests, after: requestsAfter }, cpu)[0]!.troubles.saturation!.distance;
  expect(distance(100)).toBeGreaterThan(10);
  expect(distance(300)).toBeLessThan(2);
});

it('what leads to an alert is no part of the time before, and what comes a quarter of an hour later none of the trouble', () => {
  const creeping = shiftedSeries(
    { service: 'identity', signal: 'duration', before: 0.1, after: 1 },
    ONSET_SECONDS - 60,
  );
  const after = (series: typeof creeping) =>
    serviceDeviations([series], ONSET_SECONDS)[0]!.troubles.duration!.after;
  expect(serviceDeviations([creeping], ONSET_SECONDS)[0]!.troubles.duration!.before).toBeCloseTo(0.1, 1);
  expect(after(creeping)).toBeGreaterThan(0.5);
  const muchLater = { ...creeping, values: [...creeping.values, ...Array<number>(60).fill(0.1)] };
  const { values } = muchLater;
  const endless = { ...muchLater, values: [...values, ...Array<number>(600).fill(1000)] };
  expect(after(endless)).toBe(after(muchLater));
});

it('a service that is new, or has fallen silent, is left out', () => {
  const series = shiftedSeries(
    { service: 'identity', signal: 'duration', before: 0.1, after: 1 },
    ONSET_SECONDS,
  );
  const newborn = { ...series, values: series.values.map((value, step) => (step < 118 ? null : value)) };
  const silent = { ...series, values: series.values.slice(0, 100) };
  expect(serviceDeviations([newborn], ONSET_SECONDS)).toEqual([]);
  expect(serviceDeviations([silent], ONSET_SECONDS)).toEqual([]);
});

it('says of a service what of it is too new to compare', () => {
  const memory = { service: 'identity', signal: 'memory', before: 1e8, after: 1e8 } as const;
  const series = shiftedSeries({ ...memory, signal: 'duration', before: 1, after: 1 }, ONSET_SECONDS);
  const newborn = { ...series, values: series.values.map((value, step) => (step < 118 ? null : value)) };
  const both = [shiftedSeries(memory, ONSET_SECONDS), newborn];
  expect(serviceDeviations(both, ONSET_SECONDS)).toMatchObject([{ tooNew: true }]);
  expect(serviceDeviations(both.slice(0, 1), ONSET_SECONDS)).toMatchObject([{ tooNew: false }]);
});

it('a service that has not run for long is held against the little there is', () => {
  const series = shiftedSeries(
    { service: 'identity', signal: 'duration', before: 0.1, after: 1 },
    ONSET_SECONDS,
  );
  // Its first samples are of 120, 90, 60 and 30 s before the onset.
  const young = { ...series, values: series.values.map((value, step) => (step < 115 ? null : value)) };
  const { duration } = serviceDeviations([young], ONSET_SECONDS)[0]!.troubles;
  expect(duration!.before).toBeCloseTo(0.1, 1);
  expect(duration!.distance).toBeGreaterThan(20);
});
