import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { ENTRY_SPANS } from '@aiops-sre/conventions/semantic-attributes.ts';
import type { TimeRange } from '@aiops-sre/investigation/data-sources/time-range.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';

/** The service of which most requests failed in the range, or where none did, the one that was asked most; undefined without any. */
export async function whichService(
  prometheus: Pick<PrometheusClient, 'query'>,
  { fromSeconds, toSeconds }: TimeRange,
): Promise<string | undefined> {
  const window = `${Math.max(1, Math.round(toSeconds - fromSeconds))}s`;
  const most = async (counted: 'increase' | 'max_over_time', more = '') => {
    const calls = `${counted}(${METRICS.serviceCalls}{${ENTRY_SPANS}${more}}[${window}])`;
    const [first] = await prometheus.query(
      `topk(1, sum by (service_name) (${calls}) > 0)`,
      undefined,
      toSeconds,
    );
    return first?.labels.service_name;
  };
  return (
    (await most('increase', ',status_code="STATUS_CODE_ERROR"')) ??
    (await most('increase')) ??
    // A count that was read once has no increase yet: a stack's first seconds.
    (await most('max_over_time'))
  );
}
