import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import {
  decodeHistograms,
  decodeLogRecords,
  decodeSpans,
  type ReceivedHistogramPoint,
  type ReceivedLogRecord,
  type ReceivedSpan,
} from './telemetry.ts';

export interface OtlpSink {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  /** All spans received since the start or the last {@link clear}. */
  spans(): ReceivedSpan[];
  histograms(): ReceivedHistogramPoint[];
  logRecords(): ReceivedLogRecord[];
  clear(): void;
  close(): void;
}

/** A stand-in for the Collector on a free port of loopback: takes OTLP over gRPC and keeps it. For tests and benchmarks. */
export async function startOtlpSink(): Promise<OtlpSink> {
  let traces: Buffer[] = [];
  let metrics: Buffer[] = [];
  let logs: Buffer[] = [];
  const server = new Server();
  server.addService(exportService('trace.v1.TraceService'), {
    export: keep((request) => traces.push(request)),
  });
  server.addService(exportService('metrics.v1.MetricsService'), {
    export: keep((request) => metrics.push(request)),
  });
  server.addService(exportService('logs.v1.LogsService'), {
    export: keep((request) => logs.push(request)),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans: () => traces.flatMap(decodeSpans),
    histograms: () => metrics.flatMap(decodeHistograms),
    logRecords: () => logs.flatMap(decodeLogRecords),
    clear() {
      traces = [];
      metrics = [];
      logs = [];
    },
    close: () => server.forceShutdown(),
  };
}

/** Bytes in, an empty response out: an empty protobuf message is no bytes at all. */
function exportService(name: string) {
  const raw = (bytes: Buffer) => bytes;
  return {
    export: {
      path: `/opentelemetry.proto.collector.${name}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: raw,
      requestDeserialize: raw,
      responseSerialize: raw,
      responseDeserialize: raw,
    },
  };
}

function keep(store: (request: Buffer) => void) {
  return (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
    store(call.request);
    answer(null, Buffer.alloc(0));
  };
}
