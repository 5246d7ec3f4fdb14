import { expect, it } from 'vitest';
import { startOtlpSink } from '../otlp-sink/otlp-sink.ts';
import { newTrace, of, telemetryTo } from '../testing/new-trace.ts';
import { startRoleProcess } from '../testing/role-process.ts';

it('stock instrumentation has the route, and one client span for each request sent', async () => {
  const sink = await startOtlpSink();
  await using identity = await startRoleProcess({ role: 'identity' });
  const env = { ...telemetryTo(sink), OTEL_BSP_SCHEDULE_DELAY: '60000', IDENTITY_URL: identity.url };
  await using storefront = await startRoleProcess({ role: 'storefront', bootstrap: 'stock.ts', env });
  const { headers, spans: received } = newTrace(sink);
  await storefront.client.get('/api/products', { headers });
  // The flush at the end sends all spans at once: none can be on its way still.
  storefront.child.kill('SIGTERM');
  await storefront.exited;
  const spans = await received(1);
  sink.close();
  expect(spans.filter(of('storefront', 'client'))).toHaveLength(1);
  expect(spans.find(of('storefront', 'server'))!.attributes).toMatchObject({ 'http.route': '/api/products' });
}, 30_000);
