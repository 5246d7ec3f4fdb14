import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningStack } from '../drill/running-stack.ts';
import { performOnDatabase } from './database-deeds.ts';
import type { Deeds } from './deed-schema.ts';

const REFUSED_WITHIN_MS = 5000;

/** What was done to a stack so far. */
export interface Journal {
  /** When processes were started, as last seen after a deed to them; milliseconds since the epoch. */
  readonly startedAtMs: Map<string, number | undefined>;
  /** Variants of flags before. */
  readonly variants: Map<string, string>;
}

export const newJournal = (): Journal => ({ startedAtMs: new Map(), variants: new Map() });

export interface Scene {
  readonly stack: RunningStack;
  /** Undoes what was done; called however it ends, the last first. */
  onEnd(undo: () => Promise<void> | void): void;
}

/** Does it, and sees to it that it is put back at the end. */
export async function perform(deed: Deeds, { stack, onEnd }: Scene, journal: Journal): Promise<void> {
  for (const [flag, variant] of Object.entries(deed.setFlags ?? {})) {
    const before = stack.setFlag(flag, variant);
    if (journal.variants.has(flag)) continue;
    journal.variants.set(flag, before);
    onEnd(() => void stack.setFlag(flag, before));
  }
  for (const flag of deed.resetFlags ?? []) {
    const before = journal.variants.get(flag);
    if (before !== undefined) stack.setFlag(flag, before);
  }
  if (deed.faults) {
    const { instance, inject } = deed.faults;
    // What is wrong is to be found out, by whatever looks for it.
    await stack.setFaults(instance, { ...inject, announced: false });
    onEnd(() => stack.clearFaults(instance));
    journal.startedAtMs.set(instance, await startOf(stack, instance));
  }
  const startAll = async (names: readonly string[]) => {
    await Promise.all(names.map((name) => stack.supervisor.act(name, 'start')));
  };
  if (deed.stop) {
    const stopped = deed.stop;
    onEnd(() => startAll(stopped));
    await Promise.all(stopped.map((name) => stack.supervisor.act(name, 'stop')));
  }
  if (deed.start) {
    await startAll(deed.start);
    for (const name of deed.start) journal.startedAtMs.set(name, await startOf(stack, name));
  }
  if (deed.kill) {
    const killed = deed.kill;
    onEnd(() => startAll(killed));
    for (const name of killed) process.kill(await pidOf(stack, name), 'SIGKILL');
  }
  if (deed.crashLoop) {
    const { process: name, every } = deed.crashLoop;
    const crash = async () => {
      const running = (await stack.supervisor.processes())?.find((each) => each.name === name);
      if (running?.pid !== undefined && Date.now() - (running.startedAtMs ?? 0) >= every * 1000)
        process.kill(running.pid, 'SIGKILL');
    };
    // A process that ended by itself meanwhile is what was wanted.
    const timer = setInterval(() => void crash().catch(() => {}), 1000);
    onEnd(() => {
      clearInterval(timer);
      return startAll([name]);
    });
    process.kill(await pidOf(stack, name), 'SIGKILL');
  }
  for (const name of deed.pause ?? []) {
    const pid = await pidOf(stack, name);
    process.kill(pid, 'SIGSTOP');
    onEnd(() => {
      try {
        process.kill(pid, 'SIGCONT');
      } catch {
        // It was ended meanwhile, which is one way to help.
      }
    });
  }
  await performOnDatabase(deed, { database: stack.database, onEnd });
  if (deed.deploy) {
    const { version, canary, bake } = deed.deploy;
    const command = (...args: string[]) => stack.run(join('stack', 'deploy', 'main.ts'), args);
    const deployed = command(
      ...[version, '--canary', String(canary), '--bake', bake, '--yes', '--override', 'a fault is played'],
    );
    onEnd(async () => {
      await command('--abort');
      await deployed;
    });
    // A deployment that is refused ends before it can have looked at anything.
    const refused = await Promise.race([deployed, sleep(REFUSED_WITHIN_MS)]);
    if (refused !== undefined && refused.exitCode !== 0) throw new Error(refused.output);
  }
  for (let neighbour = 0; neighbour < (deed.noisyNeighbours ?? 0); neighbour++) {
    const child = spawn(process.execPath, ['--eval', BUSY], { stdio: ['pipe', 'ignore', 'ignore'] });
    onEnd(() => void child.kill('SIGKILL'));
  }
}

/** Busy but for a look, twenty times a second, whether whoever started it is still there. */
const BUSY = `
process.stdin.on('close', () => process.exit()).resume();
(function work() { for (const until = Date.now() + 50; Date.now() < until; ); setImmediate(work); })();`;

async function pidOf(stack: RunningStack, name: string): Promise<number> {
  const pid = (await stack.supervisor.processes())?.find((each) => each.name === name)?.pid;
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}

export async function startOf(stack: RunningStack, instance: string): Promise<number | undefined> {
  return (await stack.supervisor.processes())?.find(({ name }) => name === instance)?.startedAtMs;
}
