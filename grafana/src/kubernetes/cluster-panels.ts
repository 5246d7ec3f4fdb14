import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { logLines } from '../panels/log-lines.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { stat } from '../panels/stat.ts';
import { timeSeries } from '../panels/time-series.ts';

const NOT_TOLD = 'The cluster tells nothing';

export const nodesReady = () =>
  stat({
    title: 'Nodes ready',
    description:
      'Share of the nodes whose kubelet says that they are ready. A ticket fires for each that is not.',
    unit: 'percentunit',
    decimals: 0,
    expression: 'avg(k8s_node_condition_ready == bool 1)',
    levels: levels(COLORS.bad, [0.5, COLORS.act], [1, COLORS.good]),
    noValue: NOT_TOLD,
    filled: true,
  });

export const workloadsWhole = () =>
  stat({
    title: 'Workloads whole',
    description: 'Share of the Deployments and StatefulSets all of whose pods are ready.',
    unit: 'percentunit',
    decimals: 0,
    expression: 'avg(workload:ready:ratio >= bool 1)',
    levels: levels(COLORS.bad, [0.9, COLORS.watch], [1, COLORS.good]),
    noValue: NOT_TOLD,
    filled: true,
  });

export const pending = () =>
  stat({
    title: 'Pods without a node',
    description: 'Pods that wait until a node has room for them.',
    unit: 'none',
    decimals: 0,
    expression: 'count(k8s_pod_phase{node=""} == 1) or vector(0)',
    levels: levels(COLORS.good, [1, COLORS.watch]),
    noValue: NOT_TOLD,
  });

export const waiting = () =>
  stat({
    title: 'Containers that cannot start',
    description: 'They end again and again, or their image or configuration cannot be had.',
    unit: 'none',
    decimals: 0,
    expression:
      'count(k8s_container_status_reason{reason=~"CrashLoopBackOff|ErrImagePull|ImagePullBackOff|CreateContainerConfigError"} > 0) or vector(0)',
    levels: levels(COLORS.good, [1, COLORS.act]),
    noValue: NOT_TOLD,
  });

export const cpu = () =>
  timeSeries({
    title: 'Processors by node',
    description: 'How many processors the containers and the system of each node take.',
    unit: 'none',
    decimals: 1,
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{node}}': 'max by (node) (k8s_node_cpu_usage)' }),
  });

export const memory = () =>
  timeSeries({
    title: 'Memory by node',
    description: 'What cannot be had back without ending something.',
    unit: 'bytes',
    levels: NO_LEVELS,
    min: 0,
    queries: rangeQueries({ '{{node}}': 'max by (node) (k8s_node_memory_working_set_bytes)' }),
  });

export const readiness = () =>
  timeSeries({
    title: 'Workloads that are not whole',
    description: 'Share of the pods that a workload should have and that are ready.',
    unit: 'percentunit',
    levels: NO_LEVELS,
    min: 0,
    max: 1,
    noValue: 'All of them are whole',
    queries: rangeQueries({ '{{namespace}}/{{workload}}': 'workload:ready:ratio < 1' }),
  });

export const restarts = () =>
  timeSeries({
    title: 'Restarts of containers',
    description: 'Restarts within ten minutes, of workloads that had any.',
    unit: 'none',
    decimals: 0,
    levels: NO_LEVELS,
    min: 0,
    noValue: 'Nothing was started again',
    failures: true,
    queries: rangeQueries({
      '{{namespace}}/{{workload}}':
        // How a container ended the last time is a label: its series is another one after each end.
        'sum by (namespace, workload) (max by (namespace, workload, pod, container) (max_over_time(k8s_container_restarts[10m])) - min by (namespace, workload, pod, container) (min_over_time(k8s_container_restarts[10m]))) > 0',
    }),
  });

export const events = () =>
  logLines({
    title: 'Events',
    description: 'What Kubernetes says of its objects. Warnings are about what went wrong.',
    expression: '{service_name="kubernetes"}',
    noValue: 'Nothing happened in this time range',
  });
