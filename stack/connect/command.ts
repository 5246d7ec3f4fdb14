import { LONGEST_SERVICE_NAME_BYTES } from '@aiops-sre/conventions/semantic-attributes.ts';
import { createBackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Cause } from './causes.ts';
import { type Findings, findings } from './findings.ts';
import type { Hop } from './hops.ts';
import { LANGUAGES, type Place, startLines } from './languages.ts';
import { type Addresses, observer } from './observe.ts';
import { causeLines, findingsLines, watchedLines } from './report.ts';
import { type Watched, watch } from './watch.ts';

/** Makes SLOs of a service, and waits until they are evaluated. @returns their names. @throws saying what stands against it */
export type Adopt = (request: {
  readonly service: string;
  /** On trial: nobody is paged. */
  readonly burnIn: boolean;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}) => Promise<readonly string[]>;

export interface ConnectOptions {
  readonly addresses: Addresses;
  readonly grafanaUrl: string;
  readonly adopt: Adopt;
  /** Asks a person; undefined where there is no terminal. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  readonly signal: AbortSignal;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

interface Given {
  readonly service: string;
  readonly language?: string;
  readonly container: boolean;
  readonly host?: string;
  readonly doctor: boolean;
  readonly adopt: boolean;
  readonly burnIn: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

const ASK_MS = 5_000;
/** Waits: for the first signal, for the others after it, and with --doctor. */
const WAIT_MS = 120_000;
const OTHERS_MS = 65_000;
const DOCTOR_WAIT_MS = 20_000;
/** What counts as now: of a service that is connected, and of one that stopped. */
const RECENT_SECONDS = 900;
const RECENT_FOR_DOCTOR_SECONDS = 60;

/** One JSON object of `--json`. */
interface Result {
  readonly service: string;
  readonly hops: readonly Hop[];
  /** Signals that did not come, each with why and what helps in `causes`. */
  readonly missing: readonly string[];
  readonly causes: readonly Cause[];
  readonly remarks: readonly string[];
  readonly found: Findings | null;
  readonly slos: readonly string[];
  readonly dashboards: readonly string[];
}

/** `npm run connect`. @returns the exit code: 0 it is there (and adopted, where asked for), 1 a hop is broken, 2 wrong arguments */
export async function connectCommand(args: readonly string[], options: ConnectOptions): Promise<number> {
  const { out, err } = options;
  const command = new Command('connect')
    .description('Leads a service to the platform, and says where its telemetry stops.')
    .requiredOption('--service <name>', 'its service.name', serviceName)
    .addOption(new Option('--language <language>', 'says how it is started').choices(Object.keys(LANGUAGES)))
    .addOption(
      new Option('--container', 'it runs in a container on the network of docs/your-service.md')
        .default(false)
        .conflicts('host'),
    )
    .option(
      '--host <name>',
      'it runs on another machine, and reaches the platform by this name (npm run expose)',
    )
    .option('--doctor', 'it was there and stopped: what comes now, and where it ends', false)
    .option('--adopt', 'make SLOs of it, once it is there', false)
    .option('--burn-in', 'with --adopt: on trial, nobody is paged', false)
    .option('--yes', 'do not ask', false)
    .option('--json', 'one JSON object; what is waited for goes to standard error', false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => err(text.trimEnd()) });
  try {
    command.parse([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return await connect(command.opts<Given>(), options);
}

function serviceName(name: string): string {
  if (name.trim() === '' || /\p{Cc}/u.test(name))
    throw new InvalidArgumentError('expected a name without control characters.');
  return name;
}

/** What a name becomes on its way. */
function arrivesAs(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= LONGEST_SERVICE_NAME_BYTES) return name;
  // A character that the end would cut in two is left out.
  return bytes
    .subarray(0, LONGEST_SERVICE_NAME_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}

async function connect(given: Given, options: ConnectOptions): Promise<number> {
  const { addresses, signal, out, err } = options;
  const say = given.json ? err : out;
  const service = arrivesAs(given.service);
  if (service !== given.service)
    say(`The name has more than ${LONGEST_SERVICE_NAME_BYTES} bytes. The Collector cuts it: ${service}`);
  if (!given.json && !given.doctor) out(`${[...intro(given, addresses.otlpPorts), ''].join('\n')}`);

  let adopting: Promise<readonly string[] | Error> | undefined;
  const begin = () => {
    adopting ??= options
      .adopt({ service, burnIn: given.burnIn, signal, say: (line) => say(`  ${line}`) })
      .catch((error: Error) => error);
  };
  const watched = await watch({
    service,
    observe: observer(service, addresses, {
      recentSeconds: given.doctor ? RECENT_FOR_DOCTOR_SECONDS : RECENT_SECONDS,
    }),
    ports: addresses.otlpPorts,
    waitMs: given.doctor ? DOCTOR_WAIT_MS : WAIT_MS,
    othersMs: given.doctor ? DOCTOR_WAIT_MS : OTHERS_MS,
    fresh: given.doctor,
    signal,
    say,
    ...(given.adopt && given.yes && { onAdoptable: begin }),
  });
  const adoptable = watched.arrived.some((each) => each !== 'logs');
  const asked = {
    prometheus: createPrometheusClient({ url: addresses.prometheusUrl, timeoutMs: ASK_MS }),
    tempo: createBackendClient({ name: 'Tempo', url: addresses.tempoUrl, timeoutMs: ASK_MS }),
  };
  const found = adoptable ? await findings(asked, service, Date.now() / 1000).catch(() => null) : null;
  if (!given.json) {
    out(['', ...watchedLines(watched), ...lastSeen(given, watched)].join('\n'));
    if (found) out(['', ...findingsLines(found)].join('\n'));
  }
  if (!adopting && adoptable && !given.doctor) {
    if (await wanted(given, service, options)) begin();
    else if (!given.json) out(`\nNext: npm run connect -- --service '${service}' --adopt`);
  }
  const adopted = await adopting;
  const refusal = refusalOf(given, watched, adopted);
  const slos = Array.isArray(adopted) ? (adopted as readonly string[]) : [];
  const dashboards = adoptable ? dashboardsOf(service, options.grafanaUrl) : [];
  if (given.json) {
    const result: Result = {
      service,
      hops: [
        ...watched.hops,
        ...(refusal && adoptable ? [{ hop: refusal.hop, ok: false, seconds: null }] : []),
      ],
      missing: watched.missing,
      causes: [...watched.causes, ...(refusal && adoptable ? [refusal] : [])],
      remarks: watched.remarks,
      found,
      slos,
      dashboards,
    };
    out(JSON.stringify(result));
  } else {
    if (slos.length > 0) out(`\nSLOs, evaluated: ${slos.join(', ')}`);
    if (dashboards.length > 0) out(`Dashboards: ${dashboards.join('\n            ')}`);
    if (refusal && adoptable) out(causeLines([refusal]).join('\n'));
  }
  return refusal ? 1 : 0;
}

function intro(given: Given, ports: Addresses['otlpPorts']): readonly string[] {
  const place: Place = given.host
    ? { kind: 'elsewhere', host: given.host, port: ports.http }
    : given.container
      ? { kind: 'container' }
      : { kind: 'host', port: ports.http };
  const language = given.language === undefined ? undefined : LANGUAGES[given.language];
  return [
    'Start it like this:',
    '',
    ...startLines(given.service, place, language).map((line) => `  ${line}`),
    '',
    `and send it a request. Waiting for its first trace, metric and log line, for ${WAIT_MS / 1000} s at most:`,
  ];
}

async function wanted({ adopt, yes }: Given, service: string, { confirm }: ConnectOptions): Promise<boolean> {
  if (adopt && yes) return true;
  if (!confirm) return false;
  return await confirm(`\nMake SLOs of ${service}, with alerts that page?`);
}

/** What keeps it from being done; undefined where nothing does. */
function refusalOf(
  given: Given,
  { arrived, causes, hops }: Watched,
  adopted: readonly string[] | Error | undefined,
): Cause | undefined {
  if (arrived.length === 0) {
    const hop = hops.find(({ ok }) => !ok)?.hop ?? 'platform';
    return causes[0] ?? { hop, cause: 'It did not come.', cure: 'npm run status says what runs.' };
  }
  if (adopted instanceof Error)
    return { hop: 'SLOs evaluated', cause: adopted.message, cure: 'docs/your-service.md, "By symptom".' };
  if (given.adopt && !adopted)
    return given.yes
      ? {
          hop: 'traces received',
          cause: 'Log lines alone make no SLO: it takes spans of requests, or metrics of them.',
          cure: causes[0]?.cure ?? 'OTEL_TRACES_EXPORTER=otlp.',
        }
      : { hop: 'SLOs evaluated', cause: 'It was not adopted.', cure: '--yes answers the question.' };
  return undefined;
}

function lastSeen({ doctor }: Given, { last, missing }: Watched): readonly string[] {
  if (!doctor) return [];
  const at = (what: string, seconds: number | undefined) =>
    `Newest ${what}: ${seconds === undefined ? 'none in two days' : new Date(seconds * 1000).toISOString()}`;
  return [
    ...(missing.includes('traces') ? [at('trace', last.tempo?.anySeconds)] : []),
    ...(missing.includes('logs') ? [at('log line', last.loki?.anySeconds)] : []),
  ];
}

const dashboardsOf = (service: string, grafanaUrl: string) => [
  `${grafanaUrl}/d/service?var-service=${encodeURIComponent(service)}`,
  `${grafanaUrl}/d/services`,
];
