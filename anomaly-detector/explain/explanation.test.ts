import { describe, expect, it } from 'vitest';
import { exampleRule, wave } from '../testing/example-rule.ts';
import { createWatchedSeries } from '../watch/watched-series.ts';
import { explanationOf, explanationSchema } from './explanation.ts';
import { guidanceOf } from './guidance.ts';
import { movementsOf, type Subject } from './movement.ts';
import { descriptionOf, summaryOf } from './sentences.ts';

const START = 1_795_219_200;
const LEARNT = START + 9 * 86_400;
const STEP = 60;

/** A subject that was calm for nine days and then did `incident` for ten minutes. */
function subject(
  settings: Parameters<typeof exampleRule>[0],
  labels: Record<string, string>,
  incident: (at: number) => number | undefined,
): Subject {
  const rule = exampleRule(settings);
  const series = createWatchedSeries({ rule, timeZone: 'UTC', labels });
  const feed = (
    from: number,
    to: number,
    stepSeconds: number,
    valueAt: (at: number) => number | undefined,
  ) => {
    for (let atSeconds = from; atSeconds < to; atSeconds += stepSeconds)
      series.observe({ atSeconds, stepSeconds, value: valueAt(atSeconds), missingIsVanished: true });
  };
  feed(START, LEARNT - 3600, 300, wave);
  feed(LEARNT - 3600, LEARNT, STEP, wave);
  feed(LEARNT, LEARNT + 600, STEP, incident);
  return { rule, series };
}
const words = (one: Subject, others: Subject[] = []) => {
  const movements = movementsOf([one, ...others], LEARNT);
  const explanation = explanationOf(one, one.series.episode!, { movements, timeZone: 'Europe/Berlin' });
  return { explanation, summary: summaryOf(explanation), description: descriptionOf(explanation) };
};

describe('an explanation', () => {
  const drop = subject({ service: 'storefront' }, { service: 'storefront' }, (at) => wave(at) / 3);

  it('says in its summary what moved where, and by how much', () => {
    expect(words(drop).summary).toMatch(/^Request rate is 6\d % lower than expected$/);
  });

  it('says of a ratio with its events of how many it is how many', () => {
    const rule = exampleRule({ unit: 'ratio', events: 'increase(x[$window])', minimum: 0, maximum: 1 });
    const series = createWatchedSeries({ rule, timeZone: 'UTC', labels: {} });
    const observe = (atSeconds: number, stepSeconds: number, value: number) =>
      series.observe({ atSeconds, stepSeconds, value, events: 799.6, missingIsVanished: true });
    for (let at = START; at < LEARNT; at += 300) observe(at, 300, 0.01 + 0.005 * Math.sin(at / 777));
    for (let at = LEARNT; at < LEARNT + 600; at += STEP) observe(at, STEP, 0.08);
    const { explanation, description } = words({ rule, series });
    expect(explanation.observed?.share).toEqual({ count: 64, of: 800 });
    expect(description).toMatch(/^Seen: 8 % \(64 of 800\) at its furthest/m);
  });

  it('says of one that is over whether it stays there', () => {
    const { explanation } = words(drop);
    const over = { ...explanation, endedAtSeconds: LEARNT + 9000, lastedSeconds: 9000 };
    expect(descriptionOf({ ...over, endReason: 'new-normal' })).toContain(
      'over now: it stays there, which is usual for it from now on.',
    );
    expect(descriptionOf({ ...over, endReason: 'back' })).toContain(', over now.');
  });

  it('says what was seen, what was expected and why, how it came, and how unusual it is', () => {
    const { description } = words(drop);
    expect(description).toMatch(
      /^Seen: \d+(\.\d+)? requests\/s at its furthest \(01:0\d\), 6\d % lower than the \d+(\.\d+)? requests\/s expected; now \d+(\.\d+)? requests\/s\. Off since 2026-11-30 01:00 Europe\/Berlin \(9 min\)\.$/m,
    );
    expect(description).toMatch(
      /^Expected: \d+(\.\d+)? requests\/s, 95 % prediction interval \d+(\.\d+)? to \d+(\.\d+)? requests\/s; from its level of late and its rhythm of the week \(one Monday at this hour\), learnt since 2026-11-21 01:00 Europe\/Berlin \(confidence \d+ %\)\.$/m,
    );
    expect(description).toMatch(/^Onset: suddenly, it was still \d+ requests\/s at 00:57\.$/m);
    expect(description).toMatch(
      /^How unusual: severity (low|medium|high|critical)\. \d+ times as far off as the 95 % prediction interval reaches\. The first in the 9 days it has been watched\.$/m,
    );
  });

  it('is one object before it is words, which a program can read', () => {
    const { explanation } = words(drop);
    expect(explanationSchema.parse(JSON.parse(JSON.stringify(explanation)))).toMatchObject({
      what: 'Request rate',
      unit: 'requests/s',
      direction: 'below',
      startsAtSeconds: LEARNT,
      observed: {
        value: expect.closeTo(33, 0),
        comparison: { kind: 'times', factor: expect.closeTo(1 / 3, 1) },
      },
      basis: { season: 'weekly', weekday: 'Monday', visits: 1 },
      onset: { kind: 'sudden' },
      alsoMoved: { news: [], more: 0 },
    });
  });

  it('tells what crept up from what jumped', () => {
    const creeping = subject({}, {}, (at) => wave(at) + Math.min(25, (at - LEARNT) / 16));
    expect(words(creeping).description).toMatch(
      /^Onset: gradually, it was on its way already with \d+ requests\/s at 01:0\d\.$/m,
    );
  });

  it('says of rare events that none are usual, and not by what factor they are more', () => {
    const rule = exampleRule({ title: 'Errors', unit: 'errors/s', minimumRelativeDeviation: 0 });
    const series = createWatchedSeries({ rule, timeZone: 'UTC', labels: {} });
    for (let atSeconds = START; atSeconds < LEARNT + 600; atSeconds += 300) {
      const value = atSeconds >= LEARNT ? 3 : (atSeconds - START) % 86_100 === 0 ? 0.01 : 0;
      series.observe({ atSeconds, stepSeconds: 300, value, missingIsVanished: true });
    }
    const { summary, description } = words({ rule, series });
    expect(summary).toBe('Errors is at 3 errors/s, where none is usual');
    expect(description).toMatch(/^Seen: 3 errors\/s at its furthest \(01:\d\d\), where none is usual;/m);
    expect(description).toMatch(/^Expected: next to none, /m);
    expect(description).not.toMatch(/\de-/);
  });

  it('counts rare events where their rate would say little', () => {
    const rule = exampleRule({ title: 'Failed orders', unit: 'orders/s', windowSeconds: 120 });
    const series = createWatchedSeries({ rule, timeZone: 'UTC', labels: {} });
    for (let atSeconds = START; atSeconds < LEARNT + 600; atSeconds += 60)
      series.observe({
        atSeconds,
        stepSeconds: 60,
        value: atSeconds >= LEARNT ? 3 / 120 : 0,
        missingIsVanished: true,
      });
    const { summary, description } = words({ rule, series });
    expect(summary).toBe('Failed orders is at 3 orders in 2 min, where none are usual');
    expect(description).toMatch(
      /^Seen: 3 orders in 2 min at its furthest \(01:\d\d\), where none are usual;/m,
    );
    expect(description).toMatch(/^Expected: next to none, 95 % prediction interval 0 to 0 orders\/s;/m);
  });

  it('says of a series that is stuck what it stands at and since when', () => {
    const rule = exampleRule();
    const series = createWatchedSeries({ rule, timeZone: 'UTC', labels: {} });
    for (let atSeconds = START; atSeconds < LEARNT + 3 * 3600; atSeconds += 300) {
      const value = wave(Math.min(atSeconds, LEARNT));
      series.observe({ atSeconds, stepSeconds: 300, value, missingIsVanished: true });
    }
    const { summary, description } = words({ rule, series });
    expect(summary).toMatch(/^Request rate is stuck at [\d.]+ requests\/s$/);
    expect(description).toMatch(/^Seen: [\d.]+ requests\/s, the same since 2026-11-30 01:00 Europe\/Berlin/m);
    expect(description).toMatch(/^Onset: at once, it moved as ever until it stood still\.$/m);
  });

  it('speaks of what is over as of the past', () => {
    const over = subject({}, {}, (at) => (at < LEARNT + 240 ? wave(at) / 3 : wave(at)));
    const explanation = explanationOf(over, over.series.endedEpisode!, { movements: [], timeZone: 'UTC' });
    const [summary, description] = [summaryOf(explanation), descriptionOf(explanation)];
    expect(summary).toMatch(/^Request rate was 6\d % lower than expected$/);
    expect(description).toMatch(/Off from 2026-11-30 00:00 to 00:0\d UTC \(\d min\), over now\./);
  });

  it('names the limit that it will cross if it goes on like this', () => {
    const limit = { name: 'high', side: 'above', value: 400, withinSeconds: 3600, probability: 0.8 } as const;
    const limits = [{ ...limit, severity: 'info' } as const];
    const rising = subject({ limits }, {}, (at) => wave(at) + Math.min(25, (at - LEARNT) / 16));
    const [prediction] = [
      {
        limit: limits[0]!,
        startsAtSeconds: LEARNT,
        probability: 0.93,
        breachAtSeconds: LEARNT + 2400,
        value: 170,
      },
    ];
    const watched = {
      ...rising,
      series: Object.assign(Object.create(rising.series), { predictions: () => [prediction] }),
    };
    expect(words(watched).description).toMatch(
      /^What comes: if it goes on like this it is above 400 requests\/s at about 01:40 \(probability 93 %\)\.$/m,
    );
  });

  it('names what else moved at the same time, and says so when nothing did', () => {
    const route = subject({ title: 'Rate of a route' }, { route: '/api/users' }, (at) => wave(at) / 4);
    const late = subject({ title: 'Latency' }, {}, (at) => (at < LEARNT + 240 ? wave(at) : 5 * wave(at)));
    const calm = subject({ title: 'Errors' }, {}, wave);
    expect(words(drop, [late, route, calm]).description).toContain(
      'What else moved: Rate of a route (/api/users): lower, at the same time; Latency: higher, 4 min later.',
    );
    expect(words(drop, [calm]).description).toContain('What else moved: no other watched series.');
  });

  it('stays readable when everything moves', () => {
    const routes = Array.from({ length: 8 }, (_, i) =>
      subject({ title: 'Route' }, { route: `/${i}` }, (at) => wave(at) / 4),
    );
    expect(words(drop, routes).description).toMatch(
      /Route \(\/0, \/1, \/2, \/3, \/4 and 3 more\): lower, at the same time\.$/,
    );
    const rules = Array.from({ length: 8 }, (_, i) =>
      subject({ title: `Queue ${i}` }, {}, (at) => wave(at) / 4),
    );
    expect(words(drop, rules).description).toMatch(/Queue 4: lower, at the same time; and 3 more\.$/);
  });

  it('tells a drop to zero and a series that vanished apart', () => {
    expect(words(subject({}, {}, () => 0)).summary).toMatch(/dropped to zero, expected/);
    const gone = words(subject({}, {}, () => undefined));
    expect(gone.summary).toBe('Request rate has vanished');
    expect(gone.description).toMatch(
      /^Seen: no sample since 2026-11-30 01:00 Europe\/Berlin \(9 min\), while Prometheus takes in others\. The last was \d+ requests\/s at 00:59\.$/m,
    );
    expect(gone.description).toContain('Expected: a sample every 60 s, as there was since 2026-11-21 01:00');
    expect(gone.description).toContain('Onset: at once, it was as ever until it was gone.');
  });

  it('says what to look at first and what to do', () => {
    const guided = subject(
      {
        lookFirst: [
          { what: 'errors by route', query: 'rate(x[5m])' },
          { what: 'slow traces', query: undefined },
        ],
        suggestedActions: ['Roll back.'],
      },
      {},
      () => 0,
    );
    expect(guidanceOf(guided.rule).lookFirst).toBe('1. errors by route: rate(x[5m])\n2. slow traces');
    expect(guidanceOf(guided.rule).suggestedActions).toBe('- Roll back.');
  });
});
