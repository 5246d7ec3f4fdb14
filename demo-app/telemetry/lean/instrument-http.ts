import { HTTP_DURATION_BOUNDS_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { metrics, trace } from '@opentelemetry/api';
import { instrumentClientRequests } from './client-requests.ts';
import { instrumentServerRequests } from './server-requests.ts';

/**
 * Spans and durations of HTTP without OpenTelemetry's instrumentations: the same names at a fraction of the CPU
 * (`npm run bench -- overhead`), for this application only. To be called when the SDK has started.
 */
export function instrumentHttp(): void {
  const tracer = trace.getTracer('@aiops-sre/demo-app/http');
  const meter = metrics.getMeter('@aiops-sre/demo-app/http');
  const durationOf = (side: 'server' | 'client') =>
    meter.createHistogram(`http.${side}.request.duration`, {
      description: `Duration of HTTP ${side} requests.`,
      unit: 's',
      advice: { explicitBucketBoundaries: [...HTTP_DURATION_BOUNDS_SECONDS] },
    });
  instrumentServerRequests({ tracer, duration: durationOf('server') });
  instrumentClientRequests({ tracer, duration: durationOf('client') });
}
