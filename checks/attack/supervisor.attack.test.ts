import { processStartTime } from '@aiops-sre/stack/native/supervisor/process-identity.ts';
import { readRecords, supervisorOf } from '@aiops-sre/stack/native/supervisor/process-records.ts';
import { execa } from 'execa';
import { expect } from 'vitest';
import { eventually, ROOT, stackUnderTest } from '../testing/stack-under-test.ts';
import { attack } from './testing/attack.ts';

const stack = stackUnderTest();
const command = (...args: readonly string[]) =>
  execa(process.execPath, ['stack/main.ts', ...args], { cwd: ROOT, env: stack.environment, reject: false });

attack(
  'supervisor gone',
  'kill -9 of the supervisor, then of a component',
  async () => {
    const before = new Map((await stack.supervisor.processes())?.map(({ name, pid }) => [name, pid]));
    const supervisor = supervisorOf(readRecords(stack.paths.recordsFile));
    process.kill(supervisor?.pid ?? 0, 'SIGKILL');
    await eventually('end of the supervisor', 5_000, async () => !processStartTime(supervisor?.pid ?? 0));
    const status = await command('status');
    expect(status.stdout).toContain('run unwatched');
    expect(status.exitCode).toBe(1);
    process.kill(before.get('identity') ?? 0, 'SIGKILL');

    expect(await command('start')).toMatchObject({ exitCode: 0 });
    const after = new Map((await stack.supervisor.processes())?.map(({ name, pid }) => [name, pid]));
    expect(after.get('identity')).not.toBe(before.get('identity'));
    for (const [name, pid] of before) if (name !== 'identity') expect(after.get(name), name).toBe(pid);
    return 'status says what runs unwatched; npm start took it over and started what had ended';
  },
  120_000,
);
