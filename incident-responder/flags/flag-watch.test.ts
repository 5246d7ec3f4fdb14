import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandMeans } from '../remediation/command.ts';
import { commandFor } from '../remediation/command-kinds.ts';
import { openDatabase } from '../store/database.ts';
import { type FlagFile, openFlagFile } from './flag-file.ts';
import { createFlagWatch, type FlagWatch } from './flag-watch.ts';

let folder: string;
let path: string;
let database: ReturnType<typeof openDatabase>;
let file: FlagFile;
let watch: FlagWatch;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flag-watch-'));
  path = join(folder, 'flags.json');
  database = openDatabase(folder);
  file = openFlagFile(path);
  watch = createFlagWatch({ file, database, log: pino({ level: 'silent' }) });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const cart = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };
const write = (flags: unknown) => writeFileSync(path, JSON.stringify({ flags }));
const signal = new AbortController().signal;
const setFlag = (variant: string) =>
  commandFor({ kind: 'set-flag', flag: 'cart', variant }, {}, 1, {
    flags: file,
    onFlagChange: watch.expectOwn,
  } as CommandMeans);

describe('a change that applications see is seen', () => {
  const rollout = (on: number) => ({
    ...cart,
    targeting: {
      fractional: [
        ['on', on],
        ['off', 100 - on],
      ],
    },
  });
  it.each<[string, unknown, unknown, string, boolean]>([
    ['of the default variant', { cart }, { cart: { ...cart, defaultVariant: 'on' } }, 'off > on', false],
    [
      'from disabled to enabled',
      { cart: { ...cart, state: 'DISABLED', defaultVariant: 'on' } },
      { cart: { ...cart, defaultVariant: 'on' } },
      'disabled > on',
      false,
    ],
    ['by a new flag', {}, { cart: { ...cart, defaultVariant: 'on' } }, 'not there > on', false],
    ['by a flag that is gone', { cart }, {}, 'off > not there', false],
    [
      "of a variant's value",
      { cart },
      { cart: { ...cart, variants: { on: true, off: true } } },
      'off (false) > off (true)',
      false,
    ],
    [
      'by targeting',
      { cart },
      { cart: { ...cart, targeting: { if: [true, 'on', null] } } },
      'off > on',
      true,
    ],
    [
      'of a rollout that only some evaluations are part of',
      { cart: rollout(0) },
      { cart: rollout(100) },
      'off > off, with another targeting rule',
      true,
    ],
    [
      'to no default variant',
      { cart },
      { cart: { ...cart, defaultVariant: null } },
      "off > the code's default",
      false,
    ],
  ])('%s', async (_case, before, after, words, byTargeting) => {
    write(before);
    await watch.poll();
    write(after);
    await watch.poll();
    expect(watch.changes().map(({ from, to }) => `${from} > ${to}`)).toEqual([words]);
    expect(watch.changes()[0]?.byTargeting).toBe(byTargeting);
  });
});

it('a document whose default variant nobody sees, for the flag is disabled, changes nothing', async () => {
  write({ cart: { ...cart, state: 'DISABLED' } });
  await watch.poll();
  write({ cart: { ...cart, state: 'DISABLED', defaultVariant: 'on' } });
  await watch.poll();
  expect(watch.changes()).toEqual([]);
});

it.each([
  ['targeting rules', { ...cart, targeting: { if: [true, 'on', null] } }, /ruled by targeting/],
  ['is disabled', { ...cart, state: 'DISABLED' }, /DISABLED/],
])('no default variant is set of a flag that %s: it would change nothing', async (_case, flag, problem) => {
  write({ cart: flag });
  await expect(setFlag('off').prepare(signal)).rejects.toThrow(problem);
});

it('a flag that had no default variant has none again after it was taken back, and neither is seen as a cause', async () => {
  const { defaultVariant: _none, ...bare } = cart;
  write({ cart: bare });
  await watch.poll();
  const undo = await setFlag('off').prepare(signal);
  await setFlag('off').carryOut(signal);
  await watch.poll();
  expect((await file.read()).get('cart')?.variant).toBe('off');
  await setFlag('off').takeBack(undo, signal);
  await watch.poll();
  expect(JSON.parse(readFileSync(path, 'utf8')).flags.cart).toEqual(bare);
  expect(watch.changes()).toEqual([]);
});
