import { hopName } from './hops.ts';
import type { Observation, ReceiverCounts, Signal } from './observation.ts';

/** Why telemetry does not come as far as a hop, and what helps. */
export interface Cause {
  readonly hop: string;
  readonly cause: string;
  readonly cure: string;
}

/** What was seen from the first look to the last. */
export interface Seen {
  readonly service: string;
  readonly first: Observation;
  readonly last: Observation;
  readonly missing: readonly Signal[];
  readonly arrived: readonly Signal[];
  /** Ports for OTLP, for messages. */
  readonly ports: { readonly grpc: number; readonly http: number };
}

/** A span's time may be off by that much before it counts as another clock. */
const SKEW_SECONDS = 300;

/** What the Collector counted meanwhile, of everybody. */
function meanwhile({ first: { collector: before }, last: { collector: after } }: Seen) {
  const of = (key: 'http' | 'grpc', answer: string) => count((counts) => counts[key][answer] ?? 0);
  const count = (read: (counts: ReceiverCounts) => number) =>
    before && after ? read(after) - read(before) : 0;
  return { of, count };
}

/** Every known reason for what is missing, the most telling first. Empty where nothing is. */
export function causes(seen: Seen): readonly Cause[] {
  const { last, missing, arrived } = seen;
  if (missing.length === 0) return [];
  if (!last.collector)
    return [
      {
        hop: 'platform',
        cause: 'The Collector does not answer.',
        cure: 'npm start starts the platform, npm run status says what runs.',
      },
    ];
  const known = [...brokenBackends(seen), ...otherClock(seen)];
  if (arrived.length === 0 && !partlyThere(seen))
    known.push(...misnamed(seen), ...misdirected(seen), ...misconfigured(seen));
  known.push(...notStored(seen), ...leftOut(seen));
  if (arrived.length > 0) known.push(...missing.flatMap((signal) => absent(seen, signal)));
  return known.length > 0 ? known : [silent(seen)];
}

function partlyThere({ last }: Seen): boolean {
  return Boolean(
    last.onPages?.spans || last.onPages?.metrics || last.tempo?.anySeconds || last.loki?.anySeconds,
  );
}

function brokenBackends({ last, missing }: Seen): Cause[] {
  const waiting = (hop: string, name: string): Cause => ({
    hop,
    cause: `${name} does not answer, or does not take what the Collector sends it.`,
    cure: 'npm run status says how it is. What is sent meanwhile waits in the Collector.',
  });
  const failing = (exporter: string) =>
    last.prometheus?.failing.some((each) => each.includes(exporter)) ?? false;
  return [
    ...(missing.includes('traces') && (!last.tempo || failing('tempo'))
      ? [waiting(hopName('traces', 'stored'), 'Tempo')]
      : []),
    ...(missing.includes('logs') && (!last.loki || failing('loki'))
      ? [waiting(hopName('logs', 'stored'), 'Loki')]
      : []),
    ...(!last.prometheus ? [waiting(hopName('metrics', 'stored'), 'Prometheus')] : []),
  ];
}

/** Stored under another time than now. */
function otherClock({ last, missing }: Seen): Cause[] {
  const off = (signal: Signal, newest: Observation['tempo']): Cause[] => {
    if (!missing.includes(signal) || newest?.recentSeconds !== undefined || newest?.anySeconds === undefined)
      return [];
    const skew = newest.anySeconds - last.atSeconds;
    // In the past it may as well have stopped then: only span metrics, which know no time of a span, tell the two apart.
    if (skew < SKEW_SECONDS && !(signal === 'traces' && last.onPages?.spans && skew < -SKEW_SECONDS))
      return [];
    return [
      {
        hop: hopName(signal, 'queryable'),
        cause: `The clock of the service is ${inWords(Math.abs(skew))} ${skew > 0 ? 'ahead' : 'behind'}: its ${signal} are stored under that time.`,
        cure: 'Set the clock of the machine or container it runs on (NTP), and the time zone nowhere: OTLP has UTC.',
      },
    ];
  };
  return [...off('traces', last.tempo), ...off('logs', last.loki)];
}

/** Counted by the Collector, and of no time in Tempo, which answers. */
function notStored({ last, missing }: Seen): Cause[] {
  if (!missing.includes('traces') || !last.onPages?.spans || !last.tempo || last.tempo.anySeconds) return [];
  return [
    {
      hop: hopName('traces', 'stored'),
      cause: 'Its spans are counted, and Tempo has none of two days before or after now.',
      cure: 'Wait some seconds: what Tempo cannot take at once waits in the Collector. Else the clock of the service is further off.',
    },
  ];
}

const inWords = (seconds: number) =>
  seconds < 7200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 360) / 10} hours`;

/** Sent under another name than the one looked for. */
function misnamed({ service, first, last }: Seen): Cause[] {
  const before = new Set(first.prometheus?.senders);
  const now = last.prometheus?.senders ?? [];
  const fresh = now.filter((name) => !before.has(name));
  const hop = hopName('traces', 'received');
  const found: Cause[] = [];
  const unnamed = now.filter((name) => name.startsWith('unknown_service'));
  if (now.includes(`unverified-${service}`))
    found.push({
      hop,
      cause: `It arrives as unverified-${service}: ${service} is a name of the platform or of its demo, and it showed no key.`,
      cure: 'Choose another OTEL_SERVICE_NAME, or send the header x-aiops-otlp-key (docs/telemetry.md).',
    });
  if (unnamed.length > 0)
    found.push({
      hop,
      cause: `Something arrives without a name, as ${unnamed.slice(0, 3).join(', ')}.`,
      cure: `Set OTEL_SERVICE_NAME=${service} where the process starts; code that sets a resource of its own must not leave service.name out.`,
    });
  const alike = now.filter((name) => name !== service && likeness(name) === likeness(service));
  const others = [...new Set([...alike, ...fresh])].filter(
    (name) => !unnamed.includes(name) && name !== `unverified-${service}`,
  );
  if (others.length > 0)
    found.push({
      hop,
      cause: `Nothing is called ${service}, but ${alike.length > 0 ? 'this is close' : 'this is new'}: ${others.slice(0, 5).join(', ')}.`,
      cure: 'Run connect with that name, or set OTEL_SERVICE_NAME.',
    });
  return found;
}

/** The same for names that people take for the same: case, and what stands between words. */
const likeness = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** Something came to the ports, and was no OTLP there. */
function misdirected(seen: Seen): Cause[] {
  const { ports } = seen;
  const { of, count } = meanwhile(seen);
  const hop = hopName('traces', 'received');
  const found: Cause[] = [];
  const tell = (times: number, cause: string, cure: string) => {
    if (times > 0) found.push({ hop, cause, cure });
  };
  tell(
    of('http', '400 http2'),
    `gRPC came to port ${ports.http}, which is the one for HTTP.`,
    `OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf, or OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${ports.grpc}.`,
  );
  tell(
    of('http', '404'),
    `Something is sent to port ${ports.http} under a path that is none of OTLP's.`,
    'OTEL_EXPORTER_OTLP_ENDPOINT is without a path; in OTEL_EXPORTER_OTLP_TRACES_ENDPOINT and its like the path /v1/traces has to be written.',
  );
  tell(
    of('http', '415 route') + of('http', '405 route'),
    `Something is sent to port ${ports.http} that says to be neither JSON nor protobuf.`,
    'Send OTLP: Zipkin, Jaeger and StatsD are other protocols.',
  );
  tell(
    of('http', '400 route') + of('http', '413 route') + of('grpc', 'RESOURCE_EXHAUSTED'),
    'Pushes are refused: they are larger than 4 MB, or no OTLP.',
    'Smaller batches: OTEL_BSP_MAX_EXPORT_BATCH_SIZE=256, OTEL_BLRP_MAX_EXPORT_BATCH_SIZE=256, and no bodies in attributes.',
  );
  tell(
    of('grpc', 'UNIMPLEMENTED'),
    `gRPC comes to port ${ports.grpc} that is not OTLP's.`,
    'Send OTLP: Jaeger and OpenCensus are other protocols.',
  );
  tell(
    count(({ refused }) => refused),
    'The Collector refuses what comes, as it has no memory for it.',
    'It takes things again by itself; until then send less. npm run status says how it is.',
  );
  return found;
}

/** What a process on this machine that says to be the service was started with. */
function misconfigured({ last, ports, service }: Seen): Cause[] {
  const variables = last.process;
  if (!variables) return [];
  const hop = hopName('traces', 'received');
  const cure = `OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${ports.http} and OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf; npm run connect -- --service ${service} --language prints all.`;
  if (variables.OTEL_SDK_DISABLED === 'true')
    return [{ hop, cause: 'It was started with OTEL_SDK_DISABLED=true.', cure: 'Start it without.' }];
  const endpoint = variables.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? variables.OTEL_EXPORTER_OTLP_ENDPOINT;
  const protocol = variables.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? variables.OTEL_EXPORTER_OTLP_PROTOCOL;
  const started = `It was started with OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint ?? ''} and OTEL_EXPORTER_OTLP_PROTOCOL=${protocol ?? ''}`;
  const port = Number(URL.parse(endpoint ?? '')?.port);
  if (port === ports.grpc && protocol !== 'grpc')
    return [
      { hop, cause: `${started}: ${ports.grpc} is the port for gRPC, which answers nothing else.`, cure },
    ];
  if (port !== ports.grpc && port !== ports.http)
    return [
      { hop, cause: `${started}: the Collector is at ${ports.grpc} (gRPC) and ${ports.http} (HTTP).`, cure },
    ];
  return [];
}

/** Received, and left out by a bound. */
function leftOut(seen: Seen): Cause[] {
  const { last, missing } = seen;
  if (!missing.includes('metrics') && !missing.includes('traces')) return [];
  const { count } = meanwhile(seen);
  const error = last.prometheus?.scrapeError;
  const cure =
    'Fewer values of attributes: routes as templates (/users/:id), no ids in names of metrics and spans. docs/telemetry.md has the bounds.';
  return [
    ...(count(({ beyondBounds }) => beyondBounds) > 0
      ? [
          {
            hop: hopName(missing.includes('metrics') ? 'metrics' : 'traces', 'kept'),
            cause: 'Metrics are left out, as their sender has more series than one may have.',
            cure,
          },
        ]
      : []),
    ...(error
      ? [{ hop: hopName('metrics', 'stored'), cause: `Prometheus takes none: ${error}.`, cure }]
      : []),
  ];
}

/** One signal does not come, where another does. */
function absent({ last }: Seen, signal: Signal): Cause[] {
  const hop = hopName(signal, 'received');
  if (signal === 'traces') {
    if (last.onPages?.spans) return [];
    const { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_EXPORTER: exporter } = last.process ?? {};
    if (sampler?.includes('off') || exporter === 'none')
      return [
        {
          hop,
          cause: `It was started with ${exporter === 'none' ? 'OTEL_TRACES_EXPORTER=none' : `OTEL_TRACES_SAMPLER=${sampler}`}.`,
          cure: 'OTEL_TRACES_EXPORTER=otlp and OTEL_TRACES_SAMPLER=parentbased_always_on: nothing has to be sampled here.',
        },
      ];
    return [
      {
        hop,
        cause: 'No span comes: there was no request yet, everything is sampled away, or nothing makes spans.',
        cure: 'Send it a request. OTEL_TRACES_EXPORTER=otlp, OTEL_TRACES_SAMPLER=parentbased_always_on; and the instrumentation has to be loaded before the web framework.',
      },
    ];
  }
  if (signal === 'metrics')
    return [
      {
        hop,
        cause:
          'No metric comes. SDKs send them every 60 s unless told otherwise, and some send none by default.',
        cure: 'OTEL_METRICS_EXPORTER=otlp and OTEL_METRIC_EXPORT_INTERVAL=15000.',
      },
    ];
  return [
    {
      hop,
      cause: 'No log line comes: nothing was logged, or the logging library has no bridge to OpenTelemetry.',
      cure: 'OTEL_LOGS_EXPORTER=otlp; node: pino or winston; python: OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED=true.',
    },
  ];
}

function silent({ service, ports }: Seen): Cause {
  return {
    hop: hopName('traces', 'received'),
    cause: `Nothing that could be ${service} came to the ports ${ports.grpc} and ${ports.http}.`,
    cure: `Is OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${ports.http} set where the process starts, and the SDK loaded there? In a container 127.0.0.1 is the container itself: docs/your-service.md, "In containers". OTEL_LOG_LEVEL=debug makes most SDKs say what goes wrong.`,
  };
}
