import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isRunning, processStartTime } from '../native/supervisor/process-identity.ts';

const recordSchema = z.strictObject({
  version: z.string(),
  /** Which the stable storefront runs with, and goes back to. */
  previous: z.string(),
  /** Of the command. */
  pid: z.number().int(),
  startTime: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  /** Percent of the traffic that the canary gets, or `promoting`. */
  step: z.union([z.number(), z.literal('promoting')]),
});
export type DeploymentRecord = z.infer<typeof recordSchema>;

/** What has been: one line each in the log, which is kept for audit. */
export interface DeploymentEvent {
  readonly event:
    | 'started'
    | 'overridden'
    | 'step'
    | 'promoted'
    | 'rolled back'
    | 'interrupted'
    | 'cleaned up';
  readonly version: string;
  readonly detail?: string;
}

/** The deployment that runs, or was cut off, and those that were, in files of one folder. */
export function deploymentRecords(folder: string) {
  const file = join(folder, 'deployment.json');
  const logFile = join(folder, 'deployments.jsonl');
  const text = (record: DeploymentRecord) => JSON.stringify(record, undefined, 2);
  const read = (): DeploymentRecord | undefined => {
    try {
      return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new Error(`${file}: cannot be read as the record of a deployment: ${(error as Error).message}`, {
        cause: error,
      });
    }
  };
  return {
    logFile,
    read,
    /** Whether the command that wrote it still runs; where not, it was cut off. */
    isAlive: isRunning as (record: DeploymentRecord) => boolean,
    /** Makes this process the one that deploys. @throws Error where there is a record already */
    claim(version: string, previous: string): void {
      mkdirSync(folder, { recursive: true });
      const startTime = processStartTime(process.pid) ?? '';
      const startedAt = new Date().toISOString();
      const record = { version, previous, pid: process.pid, startTime, startedAt, step: 0 };
      try {
        writeFileSync(file, text(record), { flag: 'wx' });
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
        throw new Error(`a deployment of ${read()?.version} runs: npm run -s deploy -- status`, { cause });
      }
    },
    step(step: DeploymentRecord['step']): void {
      const record = read();
      if (record) writeFileSync(file, text({ ...record, step }));
    },
    release: () => rmSync(file, { force: true }),
    log(event: DeploymentEvent): void {
      mkdirSync(folder, { recursive: true });
      appendFileSync(logFile, `${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`);
    },
    /** The last lines, oldest first. */
    past(count: number): readonly (DeploymentEvent & { readonly at: string })[] {
      try {
        return readFileSync(logFile, 'utf8')
          .trimEnd()
          .split('\n')
          .slice(-count)
          .map((line) => JSON.parse(line));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    },
  };
}

export type DeploymentRecords = ReturnType<typeof deploymentRecords>;
