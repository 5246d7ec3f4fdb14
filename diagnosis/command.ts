import { tempo } from '@aiops-sre/investigation/data-sources/tempo.ts';
import { secondsOf, timeRange } from '@aiops-sre/investigation/data-sources/time-range.ts';
import { diagnose } from '@aiops-sre/investigation/diagnose.ts';
import { groupsOf } from '@aiops-sre/investigation/filters/groups.ts';
import { parseWhere, resolveAttribute } from '@aiops-sre/investigation/filters/where.ts';
import { createAlertmanagerClient } from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import { createBackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import type { BackendLogin } from '@aiops-sre/service-kit/backends/backend-login.ts';
import type { PlatformAddresses } from '@aiops-sre/service-kit/platform/addresses.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { Command, CommanderError } from 'commander';
import { followAlert } from './alert-trail/follow-alert.ts';
import { trailReport } from './alert-trail/trail-report.ts';
import { groupsReport } from './groups-report.ts';
import { report } from './report.ts';
import { whichService } from './which-service.ts';

export interface CommandOptions {
  readonly addresses: PlatformAddresses;
  /** At Alertmanager. */
  readonly login?: BackendLogin | undefined;
  readonly nowSeconds: number;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

interface Given {
  readonly service?: string;
  readonly since?: string;
  readonly from?: string;
  readonly to?: string;
  readonly slowerThan: string;
  readonly traces: string;
  readonly alert?: string | true;
  readonly where?: string;
  readonly groupBy?: string;
  readonly json?: true;
}

/** Of each component: a trace of a million spans must not take the diagnosis down, nor the diagnosis a component. */
const LIMITS = { timeoutMs: 15_000, attempts: 3, maxAnswerBytes: 64 * 1024 * 1024, concurrency: 6 };

/** `npm run diagnose`. @returns the exit code: 0 done, 1 a component did not answer or a link leads nowhere, 2 wrong arguments */
export async function diagnoseCommand(args: readonly string[], options: CommandOptions): Promise<number> {
  const { addresses, login, nowSeconds, out, err } = options;
  const command = new Command('diagnose')
    .description(
      'Compares the failing and the slow requests of a service with the rest, by everything their traces say.',
    )
    .option('--service <name>', 'whose requests (default: the one of which most failed)')
    .option('--since <time>', 'back from now, such as 30m or 6h (default: 30m)')
    .option('--from <time>', 'ISO 8601 or Unix seconds')
    .option('--to <time>', 'ISO 8601 or Unix seconds')
    .option('--slower-than <time>', 'from here on a request is slow', '500ms')
    .option('--traces <number>', 'most traces to read of each group', '120')
    .option('--where <conditions>', "only requests with these attributes, such as 'region=eu tier=gold'")
    .option('--group-by <attribute>', 'instead: requests, failures and durations by its values')
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
    const { tempoUrl, prometheusUrl, alertmanagerUrl, lokiUrl, grafanaUrl } = addresses;
    const sources = {
      tempo: tempo(createBackendClient({ ...LIMITS, name: 'Tempo', url: tempoUrl })),
      prometheus: createPrometheusClient({ ...LIMITS, url: prometheusUrl }),
    };
    if (given.alert !== undefined) {
      const trail = await followAlert({
        ...sources,
        alertmanager: createAlertmanagerClient({ ...LIMITS, url: alertmanagerUrl, login }),
        loki: createBackendClient({ ...LIMITS, name: 'Loki', url: lokiUrl }),
        grafana: createBackendClient({ ...LIMITS, name: 'Grafana', url: grafanaUrl }),
        nowSeconds,
        ...(typeof given.alert === 'string' && { alert: given.alert }),
      });
      out(given.json ? JSON.stringify(trail) : trailReport(trail, addresses));
      return trail.steps.some(({ state }) => state === 'failed') ? 1 : 0;
    }
    const tracesPerGroup = Number(given.traces);
    if (!Number.isInteger(tracesPerGroup) || tracesPerGroup < 1 || tracesPerGroup > 1000)
      throw new UsageError(`--traces: expected a whole number from 1 to 1000, got "${given.traces}"`);
    const range = usage(() => timeRange(given, nowSeconds));
    const slowerThanSeconds = usage(() => secondsOf('--slower-than', given.slowerThan, '500ms or 2s'));
    const service = given.service ?? (await whichService(sources.prometheus, range));
    if (!service) throw new Error('no service has sent a span in this range; name one with --service');
    const isFiltered = given.where !== undefined || given.groupBy !== undefined;
    const known = isFiltered ? await sources.tempo.attributes(range) : { span: [], resource: [] };
    const where = given.where === undefined ? [] : usage(() => parseWhere(given.where!, known));
    if (given.groupBy !== undefined) {
      const by = usage(() => resolveAttribute('--group-by', given.groupBy!, known));
      const groups = await groupsOf({ ...sources, service, range, by, where });
      out(given.json ? JSON.stringify({ service, range, ...groups }) : groupsReport(service, range, groups));
      return 0;
    }
    const diagnosis = await diagnose({
      ...sources,
      service,
      range,
      where,
      slowerThanSeconds,
      tracesPerGroup,
    });
    out(given.json ? JSON.stringify(diagnosis, withInfinity) : report(diagnosis, addresses));
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
