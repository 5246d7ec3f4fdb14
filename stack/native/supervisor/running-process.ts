import { spawn } from 'node:child_process';
import { isRunning, type ProcessIdentity, processStartTime } from './process-identity.ts';
import type { ProcessSpec } from './process-spec.ts';
import type { RotatingLog } from './rotating-log.ts';

const POLL_MS = 250;

/** A process that was started, by this supervisor or by one before it. */
export interface RunningProcess {
  /** Undefined where it could not even be started. */
  readonly identity: ProcessIdentity | undefined;
  /** Resolves with how it ended: an exit code, a signal's name, or why it could not be started. */
  readonly ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
}

/** It writes to its log by itself, not through a pipe: the end of the supervisor is none of its concern. */
export function spawnProcess(spec: ProcessSpec, log: RotatingLog): RunningProcess {
  const child = log.withDescriptor((descriptor) =>
    spawn(spec.command, spec.args, {
      cwd: spec.workingDirectory,
      env: spec.environment,
      stdio: ['ignore', descriptor, descriptor],
      ...spec.user,
    }),
  );
  const startTime = child.pid && processStartTime(child.pid);
  return {
    identity: child.pid && startTime ? { pid: child.pid, startTime } : undefined,
    ended: new Promise((resolve) => {
      child.on('error', (error) => resolve(error.message));
      child.on('close', (code, signal) => resolve(signal ?? code ?? 'unknown'));
    }),
    kill: (signal) => void child.kill(signal),
  };
}

/** One that another supervisor started: the system tells its parent alone how it ended. */
export function adoptProcess(identity: ProcessIdentity): RunningProcess {
  return {
    identity,
    ended: new Promise((resolve) => {
      const timer = setInterval(() => {
        if (isRunning(identity)) return;
        clearInterval(timer);
        resolve('unknown');
      }, POLL_MS);
    }),
    kill(signal) {
      if (isRunning(identity)) process.kill(identity.pid, signal);
    },
  };
}
