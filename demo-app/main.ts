import { flushCompileCache } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from '@aiops-sre/service-kit/http/http-server.ts';
import { stopOnSignal } from '@aiops-sre/service-kit/lifecycle/stop-on-signal.ts';
import { logs } from '@opentelemetry/api';
import { createService } from './http/service.ts';
import { createReadiness } from './lifecycle/readiness.ts';
import { settingsOrExit } from './lifecycle/settings-or-exit.ts';
import { sendLogRecords } from './logging/log-records.ts';
import { createLogger } from './logging/logger.ts';
import { createRole } from './roles.ts';
import { flushTelemetry } from './telemetry/flush.ts';

/** Requests still running after this are cut off. */
const DRAIN_LIMIT_MS = 2_500;
/** Telemetry that is not sent by then is lost. */
const FLUSH_LIMIT_MS = 1_500;

const settings = settingsOrExit(process);
const logger = createLogger({
  service: settings.role,
  instance: settings.instance,
  level: settings.logLevel,
  onLine: sendLogRecords(logs.getLogger('@aiops-sre/demo-app')),
});
try {
  await run();
} catch (error) {
  logger.fatal({ reason: (error as Error).message }, 'start failed');
  process.exit(1);
}

async function run() {
  const { metrics, api, network, disk, start, stop, close, maxConnections, waitingFor } = await createRole({
    settings,
    logger,
  });
  const readiness = createReadiness({ waitingFor });
  const { adminToken, restartToken } = settings;
  const handler = createService({ api, metrics, network, disk, readiness, logger, adminToken, restartToken });
  const { host, port, allowedHosts: names } = settings;
  const server = await listen({ handler, host, port, names, ...(maxConnections && { maxConnections }) });
  readiness.listening();
  logger.info(
    { host, port: server.port, version: settings.version, revision: settings.revision },
    'listening',
  );
  start?.();
  // With NODE_COMPILE_CACHE: now rather than at the exit, so that a process that is killed has left it too.
  flushCompileCache();

  stopOnSignal({
    deadlineMs: DRAIN_LIMIT_MS + 2 * FLUSH_LIMIT_MS,
    async stop(signal) {
      logger.info({ signal }, 'shutting down');
      readiness.drain();
      stop?.();
      await server.close(DRAIN_LIMIT_MS);
      await Promise.race([Promise.allSettled([flushTelemetry(), close?.()]), sleep(FLUSH_LIMIT_MS)]);
    },
  });
}
