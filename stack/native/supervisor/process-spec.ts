import { z } from 'zod';

/** What the supervisor needs to run one process; written to a file by `npm start`, read by the supervisor. */
const processSpecSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  command: z.string().min(1),
  args: z.array(z.string()),
  /** The whole environment: nothing is inherited, so nothing leaks from one component into another. */
  environment: z.record(z.string(), z.string()),
  workingDirectory: z.string(),
  /** GET answers 2xx once the process can do its job. */
  readyUrl: z.url(),
  /** Milliseconds from SIGTERM to SIGKILL. */
  stopTimeoutMs: z.number().int().positive(),
  /** false: waits to be started through the control socket. */
  autostart: z.boolean(),
});
export type ProcessSpec = Readonly<z.infer<typeof processSpecSchema>>;

export const supervisorSpecSchema = z.strictObject({
  socketPath: z.string(),
  /** Where {@link processRecordsSchema} is kept up to date. */
  recordsFile: z.string(),
  logDir: z.string(),
  processes: z.array(processSpecSchema),
});
export type SupervisorSpec = Readonly<z.infer<typeof supervisorSpecSchema>>;

/** Every process that runs, on disk: `npm stop` finds them by it even where the supervisor itself was killed. */
export const processRecordsSchema = z.array(
  z.strictObject({ name: z.string(), pid: z.number().int().positive(), startTime: z.string() }),
);
export type ProcessRecords = z.infer<typeof processRecordsSchema>;

/** What the control socket tells of a process. */
export const processStatusSchema = z.strictObject({
  name: z.string(),
  state: z.enum(['running', 'backing-off', 'stopping', 'stopped']),
  pid: z.number().optional(),
  /** Unplanned ends since the supervisor started. */
  crashes: z.number(),
  /** How the process last ended: an exit code or a signal's name. */
  lastExit: z.union([z.number(), z.string()]).optional(),
  startedAtMs: z.number().optional(),
  readyUrl: z.string(),
});
export type ProcessStatus = z.infer<typeof processStatusSchema>;
