import { Command, CommanderError } from 'commander';
import { followAlert } from './alert-trail/follow-alert.ts';
import { trailReport } from './alert-trail/trail-report.ts';
import { jsonClient } from './data-sources/json-client.ts';
import { prometheus } from './data-sources/prometheus.ts';
import { tempo } from './data-sources/tempo.ts';
import { secondsOf, timeRange } from './data-sources/time-range.ts';
import { diagnose } from './diagnose.ts';
import { report } from './report.ts';
import type { Settings } from './settings.ts';

export interface CommandOptions {
  readonly settings: Settings;
  readonly nowSeconds: number;
  readonly signal?: AbortSignal;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

interface Given {
  readonly service: string;
  readonly since?: string;
  readonly from?: string;
  readonly to?: string;
  readonly slowerThan: string;
  readonly traces: string;
  readonly alert?: string | true;
  readonly json?: true;
}

/** `npm run diagnose`. @returns the exit code: 0 done, 1 a component did not answer or a link leads nowhere, 2 wrong arguments */
export async function diagnoseCommand(args: readonly string[], options: CommandOptions): Promise<number> {
  const { settings, nowSeconds, signal, out, err } = options;
  const command = new Command('diagnose')
    .description(
      'Compares the failing and the slow requests of a service with the rest, by everything their traces say.',
    )
    .option('--service <name>', 'whose requests', 'storefront')
    .option('--since <time>', 'back from now, such as 30m or 6h (default: 30m)')
    .option('--from <time>', 'ISO 8601 or Unix seconds')
    .option('--to <time>', 'ISO 8601 or Unix seconds')
    .option('--slower-than <time>', 'from here on a request is slow', '500ms')
    .option('--traces <number>', 'most traces to read of each group', '120')
    .option(
      '--alert [name]',
      'instead: follow the links of a firing alert, by name or fingerprint, to its dashboard, route, trace and logs',
    )
    .option('--json', 'one JSON object')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => err(text.trimEnd()) });
  try {
    command.parse([...args], { from: 'user' });
    const given = command.opts<Given>();
    const ask = (name: string, url: string) => jsonClient({ name, url, signal });
    const sources = {
      tempo: tempo(ask('Tempo', settings.tempoUrl)),
      prometheus: prometheus(ask('Prometheus', settings.prometheusUrl)),
    };
    if (given.alert !== undefined) {
      const trail = await followAlert({
        ...sources,
        askAlertmanager: ask('Alertmanager', settings.alertmanagerUrl),
        askLoki: ask('Loki', settings.lokiUrl),
        askGrafana: ask('Grafana', settings.grafanaUrl),
        nowSeconds,
        ...(typeof given.alert === 'string' && { alert: given.alert }),
      });
      out(given.json ? JSON.stringify(trail) : trailReport(trail, settings));
      return trail.steps.some(({ state }) => state === 'failed') ? 1 : 0;
    }
    if (!/^[\w.-]{1,128}$/.test(given.service))
      throw new UsageError(`--service: expected a service's name, got "${given.service}"`);
    const tracesPerGroup = Number(given.traces);
    if (!Number.isInteger(tracesPerGroup) || tracesPerGroup < 1 || tracesPerGroup > 1000)
      throw new UsageError(`--traces: expected a whole number from 1 to 1000, got "${given.traces}"`);
    const diagnosis = await diagnose({
      ...sources,
      service: given.service,
      range: usage(() => timeRange(given, nowSeconds)),
      slowerThanSeconds: usage(() => secondsOf('--slower-than', given.slowerThan, '500ms or 2s')),
      tracesPerGroup,
    });
    out(given.json ? JSON.stringify(diagnosis, withInfinity) : report(diagnosis, settings));
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    err((error as Error).message);
    return error instanceof UsageError ? 2 : 1;
  }
}

class UsageError extends Error {}

function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** JSON has no Infinity; a lift without a number is one that has no counterpart among the rest. */
const withInfinity = (_key: string, value: unknown) => (value === Infinity ? null : value);
