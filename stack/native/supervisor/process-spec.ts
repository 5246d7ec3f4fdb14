import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { guardedBackend } from '../../guard/backends.ts';

/** What the supervisor needs to run one process; written to a file by `npm start`, read by the supervisor. */
const processSpecSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  command: z.string().min(1),
  args: z.array(z.string()),
  /** The whole environment: nothing is inherited, so nothing leaks from one component into another. */
  environment: z.record(z.string(), z.string()),
  workingDirectory: z.string(),
  /** As whom it runs, where we are root and it refuses to. */
  user: z.strictObject({ uid: z.number().int(), gid: z.number().int() }).optional(),
  /** What tells that the process can do its job: HTTP, or PostgreSQL. */
  readyUrl: z.url(),
  /** Status of the HTTP answer. Default: 200. Alertmanager asks for its password even there: 401 says that it listens. */
  readyStatus: z.number().int().optional(),
  /** Its readiness is told as a metric. */
  isWatched: z.boolean().optional(),
  /** Restarted once it has been unready for this long after it was ready. */
  unreadyRestartMs: z.number().int().positive().optional(),
  /** A Unix socket that it listens on. What a killed process left of it would keep the next one from listening. */
  listensOn: z.string().optional(),
  /** What ends it in order. Default: SIGTERM. */
  stopSignal: z.enum(['SIGTERM', 'SIGINT']).optional(),
  /** Milliseconds from there to SIGKILL. */
  stopTimeoutMs: z.number().int().positive(),
  /** false: waits to be started through the control socket. */
  autostart: z.boolean(),
  /** Runs at times only: nobody misses it while it is stopped. */
  isStandby: z.boolean().optional(),
});
export type ProcessSpec = Readonly<z.infer<typeof processSpecSchema>>;

const supervisorSpecSchema = z.strictObject({
  socketPath: z.string(),
  /** Where the records of all that is to run are kept up to date. */
  recordsFile: z.string(),
  logDir: z.string(),
  /** Doors of the backends that have none of their own. */
  guards: z
    .array(z.strictObject({ backend: guardedBackend, socketPath: z.string(), port: z.number().int() }))
    .default([]),
  /** Where the supervisor tells what it knows of the components: /metrics and /readyz. */
  readinessPort: z.number().int().optional(),
  processes: z.array(processSpecSchema),
});
export type SupervisorSpec = Readonly<z.infer<typeof supervisorSpecSchema>>;

export const readSupervisorSpec = (file: string): SupervisorSpec =>
  supervisorSpecSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

/** What the control socket tells of a process. */
export const processStatusSchema = z.strictObject({
  name: z.string(),
  state: z.enum(['running', 'backing-off', 'stopping', 'stopped']),
  pid: z.number().optional(),
  /** Unplanned ends since the supervisor started. */
  crashes: z.number(),
  /** How the process last ended: an exit code, a signal's name, or unknown where another supervisor had started it. */
  lastExit: z.union([z.number(), z.string()]).optional(),
  startedAtMs: z.number().optional(),
  readyUrl: z.string(),
  readyStatus: z.number().optional(),
  isStandby: z.boolean().optional(),
});
export type ProcessStatus = z.infer<typeof processStatusSchema>;
