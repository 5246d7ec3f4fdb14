import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { untilDone } from '../lifecycle/until-done.ts';
import { createQueue } from '../queue/queue.ts';
import type { Settings } from '../settings.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';

interface OpenShopOptions {
  readonly settings: Pick<Settings, 'role' | 'database'>;
  readonly registry: Registry;
  readonly logger: Logger;
  /** Whether this process looks after the jobs of all. */
  readonly supervise?: boolean;
  readonly retryLimit?: number | undefined;
  /** What comes next, once all is there. */
  readonly begin?: () => Promise<void>;
}

/** The shop's database and its queues for one process, which migrates them as soon as the database is there. */
export function openShop({
  settings: { role, database: options },
  registry,
  logger,
  supervise = false,
  retryLimit,
  begin = async () => {},
}: OpenShopOptions) {
  const database = openDatabase({ ...options!, name: role, registry });
  const queue = createQueue({ database, logger, supervise, retryLimit });
  const { waitingFor, stop } = untilDone({
    reason: 'waiting for the database',
    logger,
    async attempt() {
      await migrate(database);
      await queue.start();
      await begin();
    },
  });
  return {
    database,
    queue,
    waitingFor,
    async close() {
      stop();
      await queue.stop().catch(() => {});
      await database.close();
    },
  };
}
