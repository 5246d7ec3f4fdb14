import { describe, expect, it } from 'vitest';
import { exampleRule, wave } from '../testing/example-rule.ts';
import { createWatchedSeries } from '../watch/watched-series.ts';
import { explain } from './explanation.ts';
import { movementsOf, type Subject } from './movement.ts';

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
const words = (one: Subject, others: Subject[] = []) =>
  explain(one, one.series.episode!, {
    movements: movementsOf([one, ...others], LEARNT),
    timeZone: 'Europe/Berlin',
  });

describe('an explanation', () => {
  const drop = subject({ service: 'storefront' }, { service: 'storefront' }, (at) => wave(at) / 3);

  it('says in its summary what moved where, and by how much', () => {
    expect(words(drop).summary).toMatch(/^Request rate is 6\d % lower than expected$/);
  });

  it('says what was seen, what was expected and why, since when, and how unusual it is', () => {
    const { description } = words(drop);
    expect(description).toMatch(/Since 2026-11-30 01:00 \(Europe\/Berlin, 9 min\)/);
    expect(description).toMatch(
      /seen \d+(\.\d+)? requests\/s, expected \d+(\.\d+)? \(\d+(\.\d+)? to \d+(\.\d+)? requests\/s\)/,
    );
    expect(description).toContain('daily and weekly rhythm, learnt since 2026-11-21 01:00');
    expect(description).toMatch(/Severity (low|medium|high|critical)\./);
    expect(description).toContain('It has not had an anomaly before.');
  });

  it('names what else moved at the same time, and says so when nothing did', () => {
    const route = subject({ title: 'Rate of a route' }, { route: '/api/users' }, (at) => wave(at) / 4);
    const calm = subject({ title: 'Latency' }, {}, wave);
    expect(words(drop, [route, calm]).description).toContain(
      'At the same time moved: Rate of a route (/api/users) (below).',
    );
    expect(words(drop, [calm]).description).toContain('No other watched series moved at the same time.');
  });

  it('stays readable when everything moves', () => {
    const routes = Array.from({ length: 8 }, (_, i) =>
      subject({ title: 'Route' }, { route: `/${i}` }, (at) => wave(at) / 4),
    );
    expect(words(drop, routes).description).toMatch(/Route \(\/4\) \(below\) and 3 more\.$/);
  });

  it('tells a drop to zero and a series that vanished apart', () => {
    expect(words(subject({}, {}, () => 0)).summary).toMatch(/dropped to zero, expected/);
    const gone = words(subject({}, {}, () => undefined));
    expect(gone.summary).toBe('Request rate has vanished');
    expect(gone.description).toContain(
      'there is no sample of this series after 2026-11-30 00:59, while Prometheus takes in others',
    );
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
    expect(words(guided).lookFirst).toBe('1. errors by route: rate(x[5m])\n2. slow traces');
    expect(words(guided).suggestedActions).toBe('- Roll back.');
  });
});
