import pino from 'pino';
import { expect, it, vi } from 'vitest';
import { createAssessmentQueue } from './assessment-queue.ts';

const log = pino({ enabled: false });

it('looks at an incident once, however often it changed while another was looked at', async () => {
  const seen: number[] = [];
  const first = Promise.withResolvers<void>();
  const queue = createAssessmentQueue({
    async lookAt(id) {
      seen.push(id);
      if (id === 1) await first.promise;
    },
    pauseMs: 0,
    signal: new AbortController().signal,
    log,
  });
  queue.add([1]);
  for (let change = 0; change < 100; change += 1) queue.add([2]);
  first.resolve();
  await queue.idle();
  expect(seen).toEqual([1, 2]);
  queue.add([2]);
  await queue.idle();
  expect(seen).toEqual([1, 2, 2]);
});

it('goes on with the next incident where one cannot be looked at', async () => {
  const lookAt = vi.fn(async (id: number) => {
    if (id === 1) throw new Error('no evidence');
  });
  const queue = createAssessmentQueue({ lookAt, pauseMs: 0, signal: new AbortController().signal, log });
  queue.add([1, 2]);
  await queue.idle();
  expect(lookAt).toHaveBeenCalledTimes(2);
});

it('begins nothing more once it is told to stop', async () => {
  const stopping = new AbortController();
  const lookAt = vi.fn(async () => stopping.abort());
  const queue = createAssessmentQueue({ lookAt, pauseMs: 0, signal: stopping.signal, log });
  queue.add([1, 2]);
  await queue.idle();
  expect(lookAt).toHaveBeenCalledOnce();
});
