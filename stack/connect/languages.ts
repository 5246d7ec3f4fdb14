/** How a service of a language is started so that OpenTelemetry's own instrumentations see it. */
export interface Language {
  /** What is installed once. */
  readonly install: string;
  /** Before or in place of the command that starts it; `COMMAND` is the service's own. */
  readonly start: string;
  /** Beside the variables that are the same for all. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Where it has another default than HTTP with protobuf on 4318. */
  readonly remark?: string;
}

/** @see https://opentelemetry.io/docs/zero-code/ */
export const LANGUAGES: Readonly<Record<string, Language>> = {
  node: {
    install: 'npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node',
    start: 'node --require @opentelemetry/auto-instrumentations-node/register COMMAND',
    remark:
      'ES modules need --import @opentelemetry/auto-instrumentations-node/register too; logs come of pino, winston or bunyan.',
  },
  python: {
    install:
      'pip install opentelemetry-distro opentelemetry-exporter-otlp && opentelemetry-bootstrap --action install',
    start: 'opentelemetry-instrument COMMAND',
    variables: { OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED: 'true' },
    remark: "Not with the debug server's reloader, which starts a second process that is not instrumented.",
  },
  java: {
    install:
      'curl -LO https://github.com/open-telemetry/opentelemetry-java-instrumentation/releases/latest/download/opentelemetry-javaagent.jar',
    start: 'java -javaagent:opentelemetry-javaagent.jar COMMAND',
  },
  go: {
    install:
      'go get go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp go.opentelemetry.io/contrib/exporters/autoexport',
    start: 'COMMAND',
    remark:
      'Go has no agent: wrap the handler and set the providers in main, as examples/go does. autoexport reads the variables.',
  },
  dotnet: {
    install:
      'dotnet add package OpenTelemetry.Extensions.Hosting && dotnet add package OpenTelemetry.Instrumentation.AspNetCore && dotnet add package OpenTelemetry.Exporter.OpenTelemetryProtocol',
    start: 'dotnet run',
    remark: 'services.AddOpenTelemetry().UseOtlpExporter() reads the variables.',
  },
  ruby: {
    install: 'bundle add opentelemetry-sdk opentelemetry-exporter-otlp opentelemetry-instrumentation-all',
    start: 'COMMAND',
    remark:
      'OpenTelemetry::SDK.configure { |config| config.use_all } where the service begins; metrics and logs have gems of their own.',
  },
  php: {
    install: 'pecl install opentelemetry && composer require open-telemetry/sdk open-telemetry/exporter-otlp',
    start: 'COMMAND',
    variables: { OTEL_PHP_AUTOLOAD_ENABLED: 'true' },
  },
  rust: {
    install: 'cargo add opentelemetry opentelemetry_sdk opentelemetry-otlp tracing-opentelemetry',
    start: 'COMMAND',
    remark: 'Rust has no agent: build the providers with opentelemetry-otlp, which reads the variables.',
  },
};

/** Where the service runs, which decides what it calls the Collector. */
export type Place =
  | { readonly kind: 'host'; readonly port: number }
  /** A container on the network that the platform shares with other projects. */
  | { readonly kind: 'container' }
  /** Another machine, through the door. */
  | { readonly kind: 'elsewhere'; readonly host: string; readonly port: number };

function endpointOf(place: Place): string {
  if (place.kind === 'container') return 'http://otel-collector:4318';
  return place.kind === 'host' ? `http://127.0.0.1:${place.port}` : `https://${place.host}:${place.port}`;
}

/** The environment a service of any language is started with, as NAME and value. HTTP with protobuf: every SDK has it. */
export function environmentOf(
  service: string,
  place: Place,
  language: Language | undefined,
): Readonly<Record<string, string>> {
  return {
    OTEL_SERVICE_NAME: service,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpointOf(place),
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_METRIC_EXPORT_INTERVAL: '15000',
    OTEL_SEMCONV_STABILITY_OPT_IN: 'http',
    ...language?.variables,
  };
}

/** Shell lines that set the environment and start the service. */
export function startLines(service: string, place: Place, language: Language | undefined): readonly string[] {
  const quoted = (text: string) => (/^[\w:/.@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
  return [
    ...(language ? [`# once: ${language.install}`] : []),
    ...Object.entries(environmentOf(service, place, language)).map(
      ([name, value]) => `export ${name}=${quoted(value)}`,
    ),
    ...(place.kind === 'elsewhere'
      ? [
          'export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Basic%20$(printf %s "operator:$(cat operator-password)" | base64 | tr -d \'\\n\')"',
          'export OTEL_EXPORTER_OTLP_CERTIFICATE=platform-ca   # not with a certificate that is known already',
        ]
      : []),
    ...(language ? [language.start] : ['# then start it with its instrumentation: --language says how']),
    ...(language?.remark ? [`# ${language.remark}`] : []),
  ];
}
