import { CHECKOUT_STEPS, type CheckoutStep } from '@aiops-sre/conventions/services.ts';
import { type Db, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Database, Transaction } from '../database/database.ts';
import { inConsumerSpan, inProducerSpan } from './job-spans.ts';

/** The database schema that the queues' tables are in. */
export const QUEUE_SCHEMA = 'queue';
/** Where jobs come that failed for as long as they were tried. */
export const DEAD_LETTERS = 'dead-letters';

/** How a failing job is tried again: after 1 s, then after twice as long each time, up to half a minute. */
const RETRIES = { retryLimit: 8, retryDelay: 1, retryBackoff: true, retryDelayMax: 30 } as const;
/** A job whose worker says nothing for so long is given to another. Longer than a step's calls may take. */
const EXPIRE_SECONDS = 20;
const KEEP_DONE_SECONDS = 600;
/** Of a job that waits, a dead one for somebody too. */
const KEEP_WAITING_SECONDS = 14 * 86_400;
const POLL_SECONDS = 0.5;
/** Jobs that a worker of a queue has at once. */
const BATCH = 10;

const jobDataSchema = z.object({ orderId: z.string(), trace: z.record(z.string(), z.string()) });

export interface Job {
  readonly orderId: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** Whether the job is dead when this one fails. */
  readonly isLast: boolean;
}

interface QueueOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** Whether this process looks after all jobs: it gives up on lost ones and clears away those that are done. */
  readonly supervise: boolean;
  readonly retryLimit?: number | undefined;
}

/** The jobs of checkouts, in tables of the shop's own database: a job is there when what asked for it was done, and only then. */
export function createQueue({ database, logger, supervise, retryLimit = RETRIES.retryLimit }: QueueOptions) {
  const boss = new PgBoss({
    db: asDb(database),
    schema: QUEUE_SCHEMA,
    supervise,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 60,
    schedule: false,
    registerInstance: false,
    // Spans of jobs, one by one, and metrics are the application's own.
    openTelemetry: { enabled: false },
  });
  let lastComplaint = '';
  boss.on('error', ({ message }) => {
    if (message !== lastComplaint) logger.warn({ reason: message }, 'the queue does not get on');
    lastComplaint = message;
  });

  return {
    /** Makes the tables and queues that are not there. */
    async start(): Promise<void> {
      await boss.start();
      const kept = { retentionSeconds: KEEP_WAITING_SECONDS, deleteAfterSeconds: KEEP_DONE_SECONDS };
      await boss.createQueue(DEAD_LETTERS, kept);
      const options = {
        ...RETRIES,
        ...kept,
        retryLimit,
        expireInSeconds: EXPIRE_SECONDS,
        deadLetter: DEAD_LETTERS,
      };
      for (const step of CHECKOUT_STEPS) {
        await boss.createQueue(step, options);
        await boss.updateQueue(step, options);
      }
    },
    /** Sends a job together with what else the transaction does. */
    async send(step: CheckoutStep, orderId: string, transaction: Transaction): Promise<void> {
      await inProducerSpan(step, (trace) => boss.send(step, { orderId, trace }, { db: asDb(transaction) }));
    },
    /** Takes on a step's jobs. One whose `work` rejects is tried again. */
    async work(step: CheckoutStep, work: (job: Job) => Promise<void>): Promise<void> {
      await boss.work(
        step,
        {
          batchSize: BATCH,
          pollingIntervalSeconds: POLL_SECONDS,
          burstWhenBatchFull: true,
          includeMetadata: true,
          perJobResults: true,
        },
        (jobs) =>
          Promise.all(
            jobs.map(async ({ id, data, retryCount, retryLimit: limit }) => {
              const { orderId, trace } = jobDataSchema.parse(data);
              const attempt = retryCount + 1;
              try {
                await inConsumerSpan(step, { carrier: trace, attempt }, () =>
                  work({ orderId, attempt, isLast: retryCount >= limit }),
                );
                return { id, status: 'completed' as const };
              } catch (error) {
                return { id, status: 'failed' as const, output: { reason: (error as Error).message } };
              }
            }),
          ),
      );
    },
    /** Puts dead jobs back where they came from. @returns how many */
    redrive: () => boss.redrive(DEAD_LETTERS),
    /** Ends the work on jobs; what is not done by then is done by another process. */
    stop: () => boss.stop({ graceful: true, timeout: 2_000, close: false }),
  };
}

export type Queue = ReturnType<typeof createQueue>;

/** The library's statements, which are long and many, are in no trace. */
const asDb = ({ execute }: Pick<Transaction, 'execute'>): Db => ({ executeSql: execute });
