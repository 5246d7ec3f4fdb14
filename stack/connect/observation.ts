import type { ProcessEnvironment } from './process-environment.ts';

export const SIGNALS = ['traces', 'metrics', 'logs'] as const;
export type Signal = (typeof SIGNALS)[number];

/** What came to the Collector from everybody since it started, by its own count. */
export interface ReceiverCounts {
  readonly accepted: Readonly<Record<Signal, number>>;
  /** Turned away, mostly by the memory limiter. */
  readonly refused: number;
  /** Requests over HTTP by answer: `404`; `400 http2` is gRPC that came to the HTTP port; `400 route` was too large or no OTLP. */
  readonly http: Readonly<Record<string, number>>;
  /** Calls over gRPC by status, such as `OK` and `RESOURCE_EXHAUSTED`. */
  readonly grpc: Readonly<Record<string, number>>;
  /** Data points left out, as their sender has too many series. */
  readonly beyondBounds: number;
}

/** The service's spans as the Collector counts them. */
interface SpanKinds {
  /** Spans by kind, such as `SPAN_KIND_SERVER`. */
  readonly byKind: Readonly<Record<string, number>>;
  /** Names of spans that are told apart. */
  readonly names: number;
}

/** One look at everything that can tell of a service. What could not be asked is undefined. */
export interface Observation {
  readonly atSeconds: number;
  /** Undefined where its own page does not answer. */
  readonly collector: ReceiverCounts | undefined;
  /** On the pages that Prometheus scrapes of the Collector: how many of its spans were counted, and whether there are other metrics. */
  readonly onPages: OnPages | undefined;
  readonly prometheus:
    | {
        readonly spans: SpanKinds | undefined;
        /** Series of metrics of its own. */
        readonly series: number;
        /** Why a page of the Collector is not taken, as Prometheus says. */
        readonly scrapeError: string | undefined;
        /** Names of all senders now. */
        readonly senders: readonly string[];
        /** Failures of the Collector's exporters in the last five minutes, by exporter. */
        readonly failing: readonly string[];
        readonly overflow: boolean;
      }
    | undefined;
  /** Unix seconds of the newest trace of the last quarter of an hour, and of whatever time. */
  readonly tempo: NewestTimes | undefined;
  /** The same of log lines. */
  readonly loki: NewestTimes | undefined;
  /** Of a process on this machine that says to be the service. */
  readonly process: ProcessEnvironment | undefined;
}

export interface OnPages {
  readonly spans: number;
  readonly metrics: boolean;
}

export interface NewestTimes {
  readonly recentSeconds: number | undefined;
  /** Only looked for where there is none recently. */
  readonly anySeconds: number | undefined;
}
