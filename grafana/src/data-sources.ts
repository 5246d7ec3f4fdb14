import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';

/** Data sources as ../provisioning/datasources names them: `uid` is fixed there. */
export const DATA_SOURCES = {
  prometheus: { type: 'prometheus', uid: 'prometheus' },
  tempo: { type: 'tempo', uid: 'tempo' },
  loki: { type: 'loki', uid: 'loki' },
  alertmanager: { type: 'alertmanager', uid: 'alertmanager' },
} as const satisfies Record<string, Required<DataSourceRef>>;
