import type { RangeSeries } from '@aiops-sre/service-kit/prometheus/samples.ts';
import type { RangeReader } from '../graphs/incident-graphs.ts';

/** Prometheus as far as graphs ask it: a wave with its band, which goes up at `onsetMs`, and a burn rate. */
export function exampleRangeReader({ onsetMs }: { readonly onsetMs: number }): RangeReader {
  return {
    async queryRange({ query, startSeconds, endSeconds, stepSeconds }) {
      const times: number[] = [];
      for (let at = startSeconds; at <= endSeconds; at += stepSeconds) times.push(at);
      const series = (labels: Record<string, string>, of: (atSeconds: number) => number): RangeSeries => ({
        labels,
        samples: times.map((atSeconds) => [atSeconds, String(of(atSeconds))] as const),
      });
      const risen = (at: number) => (at * 1000 < onsetMs ? 0 : Math.min(1, (at * 1000 - onsetMs) / 60_000));
      if (query.startsWith('max by (slo)'))
        return {
          warnings: [],
          series: [series({ slo: 'storefront-latency' }, (at) => 0.4 + 18 * risen(at))],
        };
      const expected = (at: number) => 0.19 + 0.03 * Math.sin(at / 900);
      const jitter = (at: number) => 0.015 * Math.sin(at / 37) + 0.01 * Math.sin(at / 11);
      const labels = { rule: 'identity_latency_p95', service: 'identity' };
      const rate = { rule: 'storefront_requests', service: 'storefront' };
      return {
        warnings: [],
        series: [
          series(
            { ...labels, __name__: 'anomaly_value' },
            (at) => expected(at) + jitter(at) + 0.75 * risen(at),
          ),
          series({ ...labels, __name__: 'anomaly_expected' }, expected),
          series({ ...labels, __name__: 'anomaly_lower' }, (at) => expected(at) - 0.07),
          series({ ...labels, __name__: 'anomaly_upper' }, (at) => expected(at) + 0.07),
          series({ ...labels, __name__: 'anomaly_active' }, (at) => (risen(at) > 0 ? 1 : 0)),
          series({ ...rate, __name__: 'anomaly_value' }, (at) => 21 + 40 * jitter(at) - 2 * risen(at)),
          series({ ...rate, __name__: 'anomaly_expected' }, (at) => 20 + 3 * Math.sin(at / 1800)),
          series({ ...rate, __name__: 'anomaly_lower' }, (at) => 15 + 3 * Math.sin(at / 1800)),
          series({ ...rate, __name__: 'anomaly_upper' }, (at) => 25 + 3 * Math.sin(at / 1800)),
        ],
      };
    },
  };
}
