import { type LogLine, readErrorsAndRest } from '@aiops-sre/investigation/logs/loki-lines.ts';
import type { BackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import type { Incident } from '../incidents/incident.ts';

const MOST_LINES = 1200;
const MOST_SERVICES = 20;
const BEFORE_SECONDS = 120;
const SINCE_SECONDS = 900;

/** Log lines of the services that alert or may be the root, from shortly before an incident to a quarter of an hour after. */
export const linesAround =
  (loki: BackendClient) =>
  ({ startedAtMs, services, hypotheses }: Incident): Promise<readonly LogLine[]> => {
    const startedSeconds = Math.floor(startedAtMs / 1000);
    const window = {
      fromSeconds: startedSeconds - BEFORE_SECONDS,
      untilSeconds: Math.min(Math.ceil(Date.now() / 1000), startedSeconds + SINCE_SECONDS),
    };
    const of = [...new Set([...services, ...hypotheses.map(({ service }) => service)])];
    return readErrorsAndRest(loki, window, of.slice(0, MOST_SERVICES), MOST_LINES);
  };
