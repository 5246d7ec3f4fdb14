import { expect, it } from 'vitest';
import { LINES_A_BATCH, logBatches, MAX_BATCHES } from './log-batches.ts';

const line = (text: string, level = 'error', service = 'orders') => ({ service, level, text, weight: 1 });
const WORDS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const words = (index: number) => [...String(index)].map((digit) => WORDS[Number(digit)]).join(' ');

it('all errors are told and a tenth of the rest, fifty a batch', () => {
  const errors = Array.from({ length: 60 }, (_, index) => line(`failed ${words(index)}`));
  const rest = Array.from({ length: 200 }, (_, index) => line(`served ${words(index)}`, 'info'));
  const batches = logBatches([...rest, ...errors]);
  expect(batches.map(({ length }) => length)).toEqual([50, 30]);
  const told = batches.flat();
  expect(told.slice(0, 60).every(({ level }) => level === 'error')).toBe(true);
  expect(told.filter(({ level }) => level === 'info')).toHaveLength(20);
});

it('lines that differ by values alone are one, the most frequent first', () => {
  const timeouts = Array.from({ length: 30 }, (_, index) => line(`timeout after ${index} ms`));
  expect(logBatches([line('boom'), ...timeouts])).toEqual([
    [
      { service: 'orders', level: 'error', text: 'timeout after 0 ms', times: 30 },
      { service: 'orders', level: 'error', text: 'boom', times: 1 },
    ],
  ]);
});

it('what is secret goes out of every part, and no more than four batches of short lines are told', () => {
  const many = Array.from({ length: 1000 }, (_, index) =>
    line(`login ${words(index)} password=hunter2 ${'x'.repeat(5000)}`, 'error', 'token=abcdefgh1234'),
  );
  const batches = logBatches(many);
  expect(batches).toHaveLength(MAX_BATCHES);
  for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(LINES_A_BATCH);
  expect(JSON.stringify(batches)).not.toMatch(/hunter2|abcdefgh1234/);
  expect(JSON.stringify(batches[0]).length).toBeLessThan(20_000);
  expect(logBatches([])).toEqual([]);
});
