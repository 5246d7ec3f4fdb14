import { logs, metrics, ProxyTracerProvider, trace } from '@opentelemetry/api';

interface Flushable {
  forceFlush?: () => Promise<void>;
}

/**
 * Sends what telemetry is still waiting, whichever bootstrap was loaded with --import; without one it does nothing.
 * Never rejects: a Collector that is away must not keep a process from ending.
 */
export async function flushTelemetry(): Promise<void> {
  const provider = trace.getTracerProvider();
  const tracing = (provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider) as Flushable;
  const metering = metrics.getMeterProvider() as Flushable;
  const logging = logs.getLoggerProvider() as Flushable;
  await Promise.allSettled([tracing.forceFlush?.(), metering.forceFlush?.(), logging.forceFlush?.()]);
}
