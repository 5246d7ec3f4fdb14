import { describe, expect, it } from 'vitest';
import { createSeriesModel } from '../model/seasonal-model.ts';
import { ALARM_THRESHOLD, type ScoredObservation } from '../model/series-model.ts';
import { exampleRule, wave } from '../testing/example-rule.ts';
import { createAssessor } from './assessor.ts';

const LEARNT = 14 * 86_400;

/** An assessor that learnt two weeks, a sample every five minutes, and is asked every minute from then on. */
function learnt(settings: Parameters<typeof exampleRule>[0] = {}, history = wave) {
  const rule = exampleRule(settings);
  const model = createSeriesModel({ stepSeconds: 300, timeZone: 'UTC' });
  const assessor = createAssessor({ rule, model });
  for (let at = 0; at < LEARNT; at += 300) assessor.assess({ atSeconds: at, value: history(at) });
  return { assessor, model };
}
function scores(
  assessor: ReturnType<typeof learnt>['assessor'],
  valueAt: (at: number) => number,
  minutes: number,
  from = LEARNT,
) {
  return Array.from({ length: minutes }, (_, i) => {
    const at = from + 60 * i;
    return assessor.assess({ atSeconds: at, value: valueAt(at) }) as ScoredObservation;
  });
}
const alarming = (observations: ScoredObservation[]) =>
  observations.filter(({ score }) => score >= ALARM_THRESHOLD);

describe('an assessor', () => {
  it('finds nothing in what the series always does', () => {
    expect(alarming(scores(learnt().assessor, wave, 600))).toEqual([]);
  });

  it('finds a drop within two samples', () => {
    const observations = scores(learnt().assessor, (at) => wave(at) / 3, 2);
    expect(observations.at(-1)).toMatchObject({ direction: 'below', score: expect.closeTo(0.9, 0) });
  });

  it('finds a drop also when there was one just like it a while ago', () => {
    const dropped = (at: number) => (at > LEARNT - 20_000 && at < LEARNT - 15_000 ? wave(at) / 3 : wave(at));
    expect(alarming(scores(learnt({}, dropped).assessor, (at) => wave(at) / 3, 4)).length).toBeGreaterThan(0);
  });

  it('holds the score while an anomaly lasts, below an alarm and the higher the further off', () => {
    const { assessor } = learnt();
    const [, ...lasts] = [0.3, 0.8, 0.5, 0.1].map((share, minute) => {
      const at = LEARNT + 60 * minute;
      const open = minute === 0 ? undefined : 'below';
      return assessor.assess({ atSeconds: at, value: wave(at) * share, open }) as ScoredObservation;
    });
    const held = lasts.map(({ score }) => score);
    expect(held[0]).toBeGreaterThan(0.49);
    expect(held).toEqual([...held].sort());
    expect(new Set(held).size).toBe(3);
    expect(held.at(-1)).toBeLessThan(ALARM_THRESHOLD);
  });

  it('is back where the quantity rests at zero and zero is expected, too', () => {
    const nowAndThen = (at: number) => (at % 7200 < 1800 ? 1 : 0);
    const { assessor } = learnt({}, nowAndThen);
    const resting = { atSeconds: LEARNT + 3600, value: 0, open: 'below' } as const;
    expect(assessor.assess(resting)).toMatchObject({ lower: 0, direction: 'within' });
  });

  it('does not take a single stray sample for a lasting deviation', () => {
    const { assessor } = learnt();
    scores(assessor, wave, 2);
    const stray = scores(assessor, (at) => (at === LEARNT + 180 ? wave(at) / 3 : wave(at)), 3, LEARNT + 120);
    expect(alarming(stray)).toEqual([]);
  });

  it('does not count samples as in a row across a gap', () => {
    const { assessor } = learnt();
    scores(assessor, wave, 1);
    scores(assessor, (at) => wave(at) / 3, 1, LEARNT + 60);
    assessor.interrupt();
    expect(alarming(scores(assessor, (at) => wave(at) / 3, 1, LEARNT + 240))).toEqual([]);
  });

  it('heeds the direction and the minimum deviations of the rule', () => {
    const drop = (settings: Parameters<typeof exampleRule>[0]) =>
      scores(learnt(settings).assessor, (at) => wave(at) * 0.6, 4).at(-1)!;
    expect(drop({}).direction).toBe('below');
    expect(drop({ direction: 'above' })).toMatchObject({ direction: 'within', score: expect.closeTo(0, 0) });
    expect(drop({ minimumRelativeDeviation: 0.5 }).direction).toBe('within');
    expect(drop({ minimumAbsoluteDeviation: 60 }).direction).toBe('within');
  });

  it('lets an incident of minutes hardly change the expectation', () => {
    const { assessor, model } = learnt();
    const before = model.forecast(LEARNT + 7200)!.expected;
    scores(assessor, () => 0, 15);
    const after = model.forecast(LEARNT + 7200)!.expected;
    expect(Math.abs(after - before)).toBeLessThan(0.1 * before);
  });

  it('learns one sample a slot, so live at the pace of history', () => {
    const [fine, coarse] = [learnt(), learnt()];
    scores(fine.assessor, wave, 300);
    for (let at = LEARNT; at < LEARNT + 300 * 60; at += 300)
      coarse.assessor.assess({ atSeconds: at, value: wave(at) });
    expect(fine.model.serialize()).toEqual(coarse.model.serialize());
  });
});
