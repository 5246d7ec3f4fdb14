import { pino } from 'pino';
import { readConfiguration } from './configuration.ts';
import { startResponder } from './responder.ts';

try {
  const { logLevel, ...configuration } = readConfiguration(process.env);
  const log = pino({ level: logLevel, base: { service: 'incident-responder' } });
  const responder = await startResponder({ configuration, log });
  const { dataDir, runbooksDir } = configuration;
  log.info({ url: responder.url, dataDir, runbooksDir }, 'listening');
  if (configuration.webhookToken === undefined) log.warn('webhook authentication is off');

  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, async () => {
      if (stopping) return;
      stopping = true;
      log.info({ signal }, 'stopping');
      await responder.close();
      process.exit(0);
    });
} catch (error) {
  const { message, cause } = error as Error;
  console.error(`incident-responder: ${message}${cause instanceof Error ? ` (${cause.message})` : ''}`);
  process.exit(1);
}
