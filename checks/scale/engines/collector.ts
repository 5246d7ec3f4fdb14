import { spans } from './spans.ts';
import { TEMPO_SERVICES } from './tempo.ts';

/** As Tempo, but pushed to the gateway: acknowledged is what is in a queue on disk, of the gateway or of a Collector behind it. */
const behindGateway = (name: string, killed: string) =>
  spans({
    name,
    services: [...TEMPO_SERVICES, ['otel-collector', 'otel-collector-2'], ['otel-gateway']],
    killed,
    to: ['otel-gateway', 4318],
    // The platform's Collectors send as it.
    tenant: 'platform',
    seenWithinMs: 5_000,
  });

export const collector = behindGateway('Collector', 'otel-collector-2');
export const gateway = behindGateway('Gateway', 'otel-gateway');
