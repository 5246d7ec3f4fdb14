import { flushCompileCache } from 'node:module';
import { logs } from '@opentelemetry/api';
import { createService } from './http/service.ts';
import { listen } from './lifecycle/listen.ts';
import { createReadiness } from './lifecycle/readiness.ts';
import { settingsOrExit } from './lifecycle/settings-or-exit.ts';
import { shutDown } from './lifecycle/shutdown.ts';
import { sendLogRecords } from './logging/log-records.ts';
import { createLogger } from './logging/logger.ts';
import { createRole } from './roles.ts';
import { flushTelemetry } from './telemetry/flush.ts';

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
  const { metrics, api, start, stop } = await createRole({ settings, logger });
  const readiness = createReadiness();
  const { adminToken, restartToken } = settings;
  const handler = createService({ api, metrics, readiness, logger, adminToken, restartToken });
  const { server, port } = await listen({ handler, host: settings.host, port: settings.port });
  readiness.listening();
  logger.info(
    { host: settings.host, port, version: settings.version, revision: settings.revision },
    'listening',
  );
  start?.();
  // With NODE_COMPILE_CACHE: now rather than at the exit, so that a process that is killed has left it too.
  flushCompileCache();

  let ending = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, async () => {
      // A second signal means now.
      if (ending) process.exit(1);
      ending = true;
      logger.info({ signal }, 'shutting down');
      const drain = () => {
        readiness.drain();
        stop?.();
      };
      await shutDown({ server, drain, flush: flushTelemetry });
      process.exit(0);
    });
}
