import { expect, test } from 'vitest';
import { createUnreadyRestarts } from './unready-restarts.ts';

const MINUTE = 60_000;

/** Seconds-wise: restarted as soon as it is due, under a pid of its own each time. */
function play(options: { readyMs: number; untilMs: number; readyAgain?: boolean }): number[] {
  const restarts = createUnreadyRestarts(new Map([['tempo', MINUTE]]));
  const at: number[] = [];
  let pid = 1;
  for (let nowMs = 0; nowMs <= options.untilMs; nowMs += 5000) {
    const ready = pid === 1 ? nowMs < options.readyMs : options.readyAgain === true;
    if (restarts.due([{ name: 'tempo', pid, ready }], nowMs).length === 0) continue;
    at.push(nowMs);
    pid += 1;
  }
  return at;
}

test('a component that was ready is restarted once it has been unready for its time', () => {
  expect(play({ readyMs: MINUTE, untilMs: 30 * MINUTE, readyAgain: true })).toEqual([2 * MINUTE]);
});

test('one that is not ready yet after its start is given ten times as long', () => {
  expect(play({ readyMs: 0, untilMs: 11 * MINUTE })).toEqual([10 * MINUTE]);
});

test('restarts that do not help come further and further apart', () => {
  const gaps = play({ readyMs: MINUTE, untilMs: 1000 * MINUTE })
    .map((at, index, all) => (at - (all[index - 1] ?? 0)) / MINUTE)
    .map(Math.round);
  expect(gaps.slice(0, 6)).toEqual([2, 20, 40, 80, 160, 160]);
});

test('what does not run, is ready, or has no limit is left alone', () => {
  const restarts = createUnreadyRestarts(new Map([['tempo', MINUTE]]));
  const observed = [
    { name: 'tempo', pid: undefined, ready: false },
    { name: 'anomaly-detector', pid: 2, ready: false },
  ];
  for (let nowMs = 0; nowMs < 60 * MINUTE; nowMs += 5000) expect(restarts.due(observed, nowMs)).toEqual([]);
});

test('a blip begins the time anew', () => {
  const restarts = createUnreadyRestarts(new Map([['loki', MINUTE]]));
  const due = (ready: boolean, nowMs: number) => restarts.due([{ name: 'loki', pid: 1, ready }], nowMs);
  due(true, 0);
  expect(due(false, 10_000)).toEqual([]);
  expect(due(true, 65_000)).toEqual([]);
  expect(due(false, 75_000)).toEqual([]);
  expect(due(false, 130_000)).toEqual([]);
  expect(due(false, 135_000)).toEqual(['loki']);
});
