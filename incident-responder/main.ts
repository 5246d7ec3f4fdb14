import { stopOnSignal } from '@aiops-sre/service-kit/lifecycle/stop-on-signal.ts';
import { printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { pino } from 'pino';
import { readConfiguration } from './configuration.ts';
import { startResponder } from './responder.ts';

/**
 * Longer than the answers under way are waited for, shorter than Docker's and the supervisor's patience of 10 s. An action
 * under way is not waited for, whatever its time limit: the journal holds it, and the next start goes on with it.
 */
const STOP_DEADLINE_MS = 9_000;

try {
  const { logLevel, ...configuration } = readConfiguration(process.env);
  const log = pino({ level: logLevel, base: { service: 'incident-responder' } });
  const responder = await startResponder({ configuration, log });
  const { dataDir, runbooksDir } = configuration;
  log.info({ url: responder.url, dataDir, runbooksDir }, 'listening');
  if (configuration.webhookToken === undefined) log.warn('webhook authentication is off');

  stopOnSignal({
    deadlineMs: STOP_DEADLINE_MS,
    async stop(signal) {
      log.info({ signal }, 'stopping');
      await responder.close();
    },
  });
} catch (error) {
  const { message, cause } = error as Error;
  printError(`incident-responder: ${message}${cause instanceof Error ? ` (${cause.message})` : ''}`);
  process.exit(1);
}
