import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import type { RunningStack } from '../drill/running-stack.ts';
import { newJournal, perform } from './perform.ts';

const undo: (() => Promise<void> | void)[] = [];
const acts: string[] = [];
let child: ReturnType<typeof spawn>;

/** One process, started again as often as it ends, while `isKept`. */
function supervised(isKept = true): RunningStack {
  let startedAtMs = 0;
  const start = () => {
    startedAtMs = Date.now();
    child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)']);
    child.once('exit', () => isKept && start());
  };
  start();
  return {
    supervisor: {
      processes: async () => [{ name: 'identity', pid: child.pid, startedAtMs }],
      act: async (name: string, action: string) => void acts.push(`${action} ${name}`),
    },
  } as unknown as RunningStack;
}
const scene = (stack: RunningStack) => ({
  stack,
  onEnd: (each: (typeof undo)[number]) => void undo.push(each),
});
const putBack = async () => {
  for (const each of undo.splice(0).reverse()) await each();
};
const stateOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0];

afterEach(async () => {
  await putBack();
  child?.removeAllListeners('exit');
  child?.kill('SIGKILL');
  acts.length = 0;
});

it('what is killed is killed at once, and runs at the end', async () => {
  const stack = supervised(false);
  const ended = once(child, 'exit');
  await perform({ kill: ['identity'] }, scene(stack), newJournal());
  expect(await ended).toEqual([null, 'SIGKILL']);
  await putBack();
  expect(acts).toEqual(['start identity']);
});

it('in a crash loop a process ends each time it has run for so long, until the end', async () => {
  const stack = supervised();
  const first = child.pid;
  await perform({ crashLoop: { process: 'identity', every: 1 } }, scene(stack), newJournal());
  await vi.waitFor(() => expect(child.pid).not.toBe(first));
  const second = child.pid;
  await vi.waitFor(() => expect(child.pid).not.toBe(second), 5000);
  await putBack();
  expect(acts).toEqual(['start identity']);
});

it.skipIf(process.platform !== 'linux')('what hangs goes on at the end, the same process', async () => {
  const stack = supervised(false);
  const pid = child.pid!;
  await perform({ pause: ['identity'] }, scene(stack), newJournal());
  await vi.waitFor(() => expect(stateOf(pid)).toBe('T'));
  await putBack();
  await vi.waitFor(() => expect(stateOf(pid)).not.toBe('T'));
});

it('a process that does not run cannot be killed', async () => {
  const stack = supervised(false);
  await expect(perform({ kill: ['storefront'] }, scene(stack), newJournal())).rejects.toThrow(
    'storefront does not run',
  );
});

it('noisy neighbours work, and are gone at the end', async () => {
  const stack = supervised(false);
  const neighbours = () =>
    execFileSync('ps', ['-eo', 'ppid=,args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.trim().startsWith(`${process.pid} `) && line.includes('Date.now()')).length;
  await perform({ noisyNeighbours: 2 }, scene(stack), newJournal());
  await vi.waitFor(() => expect(neighbours()).toBe(2), 5000);
  await putBack();
  await vi.waitFor(() => expect(neighbours()).toBe(0), 5000);
});

it('a version is brought out, and what is left of that is taken back at the end', async () => {
  const commands: string[][] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<object>();
  const stack = {
    run: async (script: string, args: string[]) => {
      commands.push([script, ...args]);
      return args[0] === '--abort' ? end({ exitCode: 1, output: '' }) : await ended;
    },
  } as unknown as RunningStack;
  vi.useFakeTimers();
  const performed = perform(
    { deploy: { version: 'bad', canary: 10, bake: '1m' } },
    scene(stack),
    newJournal(),
  );
  await vi.advanceTimersByTimeAsync(5000);
  await performed;
  vi.useRealTimers();
  expect(commands[0]?.slice(0, 4)).toEqual(['stack/deploy/main.ts', 'bad', '--canary', '10']);
  await putBack();
  expect(commands[1]).toEqual(['stack/deploy/main.ts', '--abort']);
});

it('a deployment that is refused says why', async () => {
  const stack = { run: async () => ({ exitCode: 1, output: 'no such version' }) } as unknown as RunningStack;
  const deploy = { version: 'none', canary: 10, bake: '1m' };
  await expect(perform({ deploy }, scene(stack), newJournal())).rejects.toThrow('no such version');
});
