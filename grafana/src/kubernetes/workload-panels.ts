import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { logLines } from '../panels/log-lines.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { stat } from '../panels/stat.ts';
import { timeSeries } from '../panels/time-series.ts';

/** Series of the chosen workload. */
const CHOSEN = 'namespace="$namespace",workload="$workload"';
const NOT_TOLD = 'The cluster tells nothing';

export const ready = () =>
  stat({
    title: 'Ready',
    description: 'Share of the pods that it should have and that are ready.',
    unit: 'percentunit',
    decimals: 0,
    expression: `max(workload:ready:ratio{${CHOSEN}})`,
    levels: levels(COLORS.bad, [0.5, COLORS.act], [1, COLORS.good]),
    noValue: NOT_TOLD,
    filled: true,
  });

export const cpuShare = () =>
  stat({
    title: 'CPU limit taken',
    description: 'By its busiest container. A ticket fires at 95 % that last for five minutes.',
    unit: 'percentunit',
    decimals: 0,
    expression: `max(container:cpu_limit:ratio{${CHOSEN}})`,
    levels: levels(COLORS.good, [0.8, COLORS.watch], [0.95, COLORS.act]),
    noValue: 'It has no limit',
  });

export const memoryShare = () =>
  stat({
    title: 'Memory limit taken',
    description: 'By its largest container. Who takes more than its limit is killed.',
    unit: 'percentunit',
    decimals: 0,
    expression: `max(container:memory_limit:ratio{${CHOSEN}})`,
    levels: levels(COLORS.good, [0.8, COLORS.watch], [0.95, COLORS.act]),
    noValue: 'It has no limit',
  });

export const restarts = () =>
  stat({
    title: 'Restarts',
    description: 'Of the containers that it has now, since they were made.',
    unit: 'none',
    decimals: 0,
    expression: `sum(max by (pod, container) (k8s_container_restarts{${CHOSEN}}))`,
    levels: levels(COLORS.good, [1, COLORS.watch], [5, COLORS.act]),
    noValue: NOT_TOLD,
  });

export const cpu = () =>
  timeSeries({
    title: 'Processors',
    description: 'What each pod takes, and the limit of one. At the limit the kernel holds it back.',
    unit: 'none',
    decimals: 2,
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({
      '{{pod}}': `sum by (pod) (container_cpu_usage{${CHOSEN}})`,
      limit: `max(sum by (pod) (max by (pod, container) (k8s_container_cpu_limit{${CHOSEN}})))`,
    }),
    lines: { limit: { color: COLORS.act, dashed: true } },
  });

export const memory = () =>
  timeSeries({
    title: 'Memory',
    description: 'What each pod takes, and the limit of one. Beyond it a container is killed.',
    unit: 'bytes',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({
      '{{pod}}': `sum by (pod) (container_memory_working_set_bytes{${CHOSEN}})`,
      limit: `max(sum by (pod) (max by (pod, container) (k8s_container_memory_limit_bytes{${CHOSEN}})))`,
    }),
    lines: { limit: { color: COLORS.bad, dashed: true } },
  });

export const reasons = () =>
  timeSeries({
    title: 'Why containers do not run',
    description: 'Containers by what Kubernetes says of those that do not run.',
    unit: 'none',
    decimals: 0,
    levels: NO_LEVELS,
    min: 0,
    noValue: 'All of them run',
    queries: rangeQueries({
      '{{reason}}': `sum by (reason) (k8s_container_status_reason{${CHOSEN}} > 0)`,
    }),
  });

export const events = () =>
  logLines({
    title: 'Events',
    description: 'What Kubernetes says of the workload and its pods.',
    expression:
      '{service_name="kubernetes"} | k8s_namespace_name="$namespace" | k8s_object_name=~"$workload(-.*)?"',
    noValue: 'Nothing happened in this time range',
  });
