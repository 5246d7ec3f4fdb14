import { expect, it } from 'vitest';
import { wholeNumbers } from './whole-numbers.ts';

const DEFAULTS = { rate: 300, rounds: 10 };

it('options are numbers, and what is not named is as it is by default', () => {
  expect(wholeNumbers('load', ['--rate', '20'], DEFAULTS)).toEqual({ rate: 20, rounds: 10 });
  expect(wholeNumbers('load', ['--rounds', '0'], DEFAULTS, { rounds: 0 })).toEqual({ rate: 300, rounds: 0 });
});

it.each([
  [['--rate', '0'], 'bench load: --rate: expected a whole number from 1, got 0'],
  [['--rate', '1.5'], 'bench load: --rate: expected a whole number from 1, got 1.5'],
  [['--rounds', 'many'], 'bench load: --rounds: expected a whole number from 0, got many'],
  [['--moon', '1'], /Unknown option '--moon'/],
])('%j would be found out', (args, problem) => {
  expect(() => wholeNumbers('load', args, DEFAULTS, { rounds: 0 })).toThrow(problem);
});
