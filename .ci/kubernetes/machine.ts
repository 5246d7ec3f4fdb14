import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** Network, mounts, processes, hostname and shared memory of their own: what runs there sees no host, and the host not it. */
const OWN = ['net', 'mount', 'pid', 'uts', 'ipc'];
const COMMAND_MS = 10 * 60_000;

/** A machine within this one. */
export interface Machine {
  readonly name: string;
  /** Of its first process, as this host counts: nothing outlives that. */
  readonly pid: number;
  /** What a command wrote. @throws ExecaError */
  run(command: string, ...args: readonly string[]): Promise<string>;
  /** Starts what does not end; writes to a file of its name in the folder of logs. */
  start(command: string, ...args: readonly string[]): void;
  end(): Promise<void>;
}

/** How a command gets to be run in a machine. */
export const inMachine = (pid: number, ...namespaces: readonly string[]): readonly [string, string[]] => [
  'nsenter',
  ['--target', String(pid), ...namespaces.map((each) => `--${each}`), '--'],
];

/**
 * Opens namespaces whose first process ends with its input, which is ours: they are gone once we are, however that happens, and
 * their mounts, bridges and processes with them. Needs root.
 */
export async function openMachine(name: string, logs: string): Promise<Machine> {
  mkdirSync(logs, { recursive: true });
  const holder = spawn(
    'unshare',
    [
      ...OWN.map((each) => `--${each}`),
      ...['--fork', '--mount-proc', '--kill-child', '--propagation', 'private'],
      // Mounts of pods are to be seen by all of its processes.
      ...[
        'bash',
        '-c',
        'mount --make-rshared / && hostname "$0" && ip link set lo up && echo up; read -r _',
        name,
      ],
    ],
    // A session of its own: Ctrl-C is for us.
    { stdio: 'pipe', detached: true },
  );
  let complained = '';
  holder.stderr.on('data', (chunk) => {
    complained += chunk;
  });
  const ended = once(holder, 'exit');
  const said = await Promise.race([once(holder.stdout, 'data').then(String), ended.then(() => '')]);
  const pid = said.trim() === 'up' ? firstChild(holder.pid ?? 0) : Number.NaN;
  if (Number.isNaN(pid)) throw new Error(`${name}: no namespaces of its own can be had here: ${complained}`);

  const entering = (command: string, args: readonly string[]) => {
    const [nsenter, options] = inMachine(pid, ...OWN);
    return [nsenter, [...options, command, ...args]] as const;
  };
  return {
    name,
    pid,
    async run(command, ...args) {
      const { stdout } = await execa(...entering(command, args), { timeout: COMMAND_MS, stdin: 'ignore' });
      return stdout;
    },
    start(command, ...args) {
      const log = openSync(join(logs, `${command.split('/').at(-1)}.log`), 'a');
      spawn(...entering(command, args), { stdio: ['ignore', log, log], detached: true }).unref();
    },
    async end() {
      // Killed already, its number may be another's.
      if (holder.exitCode === null && holder.signalCode === null) process.kill(pid, 'SIGKILL');
      await ended;
    },
  };
}

const firstChild = (pid: number) =>
  Number.parseInt(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'), 10);
