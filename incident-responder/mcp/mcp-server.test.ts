import { setTimeout as after } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createToolCalls } from './mcp-server.ts';
import type { Tool } from './tools.ts';

const log = pino({ level: 'silent' });
const tool = (call: Tool['call']): Tool => ({
  ...{ name: 'any', description: '', input: z.strictObject({}), reads: true, call },
});

it('asks four things at once, the others in line, and refuses what the line does not hold', async () => {
  const calls = createToolCalls({ log });
  let running = 0;
  let most = 0;
  const gate = Promise.withResolvers<void>();
  const waiting = tool(async () => {
    running += 1;
    most = Math.max(most, running);
    await gate.promise;
    running -= 1;
    return 'done';
  });
  const answers = Array.from({ length: 36 }, () => calls.call(waiting, {}));
  await expect(calls.call(waiting, {})).rejects.toThrow('too many questions at once');
  gate.resolve();
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['done']));
  expect(most).toBe(4);
  expect(await calls.call(waiting, {})).toBe('done');
});

it('waits for no answer longer than its time limit', async () => {
  const calls = createToolCalls({ log, timeLimitMs: 20 });
  const stopped = new AbortController();
  const never = tool(() => after(60_000, 'late', { signal: stopped.signal }));
  await expect(calls.call(never, {})).rejects.toThrow('no answer within 0.02 s');
  stopped.abort();
});

it('says why there is no answer, without secrets', async () => {
  const failing = tool(() => Promise.reject(new Error('Loki at 10.1.2.3: token=abcdef0123456789')));
  await expect(createToolCalls({ log }).call(failing, {})).rejects.toThrow('Loki at [ip]: token=[secret]');
});
