import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Board, EMPTY_BOARD } from './board.ts';
import { createBoardSource } from './board-source.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const board = (atMs: number): Board => ({ ...EMPTY_BOARD, atMs });

it('reads once for all who ask at a time', async () => {
  const read = vi.fn(async (nowMs: number) => board(nowMs));
  const source = createBoardSource({ read });
  const [one, other] = await Promise.all([source.current(), source.current()]);
  expect(one).toBe(other);
  await source.current();
  expect(read).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(6000);
  expect((await source.current()).atMs).toBe(Date.now());
});

it('waits a second for a Prometheus that does not answer, and no longer', async () => {
  const source = createBoardSource({ read: () => new Promise(() => {}) });
  const asked = source.current();
  await vi.advanceTimersByTimeAsync(1000);
  expect(await asked).toEqual({ ...EMPTY_BOARD, missing: ['Prometheus has not answered yet.'] });
});

it('shows what was last read while the next reading takes its time, and not for longer than it says anything', async () => {
  let read: (nowMs: number) => Promise<Board> = async (nowMs) => board(nowMs);
  const source = createBoardSource({ read: (nowMs) => read(nowMs) });
  const first = await source.current();
  read = () => new Promise(() => {});
  vi.advanceTimersByTime(60_000);
  const second = source.current();
  await vi.advanceTimersByTimeAsync(300);
  expect(await second).toBe(first);
  vi.advanceTimersByTime(120_000);
  const third = source.current();
  await vi.advanceTimersByTimeAsync(1000);
  expect((await third).atMs).toBeNull();
});
