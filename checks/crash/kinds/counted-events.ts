import type { Kind, Stack } from '../kind.ts';
import { nowNano, pushOtlp } from '../otlp-push.ts';

/**
 * Events of a cumulative counter whose push the Collector acknowledged, looked for in what Prometheus counts: the next push
 * has them too, so that none is lost with a Collector. Ids are the counter's values.
 */
export function countedEvents(stack: Stack): Kind {
  const startTimeUnixNano = nowNano();
  let count = 0;
  return {
    name: 'counted events',
    writesPerSecond: 2,
    async write(signal) {
      count += 1;
      const value = count;
      const dataPoints = [{ startTimeUnixNano, timeUnixNano: nowNano(), asInt: String(value) }];
      const sum = { dataPoints, isMonotonic: true, aggregationTemporality: 2 };
      const metrics = [{ name: 'crash.test.events', sum }];
      return (await pushOtlp(stack, signal, '/v1/metrics', { metrics })) ? [String(value)] : [];
    },
    async missing(ids) {
      const counted = (await stack.prometheus.value('max(crash_test_events_total)')) ?? 0;
      return ids.filter((id) => Number(id) > counted);
    },
  };
}
