const RATE = '$__rate_interval';

/** Which processes: label matchers, without braces. */
export type ProcessScope = string;

/** Share of the instances that answer their scrape, 0..1. */
export const shareUp = (scope: ProcessScope) => `avg(up{${scope}})`;
/** 1 where an instance answers its scrape, else 0. */
export const up = (scope: ProcessScope) => `max by (instance) (up{${scope}})`;

/** Processor time by instance; 1 is one core all the time, the most that a process with one event loop can use for requests. */
export const cpu = (scope: ProcessScope, by = 'instance') =>
  `sum by (${by}) (rate(process_cpu_seconds_total{${scope}}[${RATE}]))`;
/** Memory that the system has given to each instance, bytes. */
export const residentMemory = (scope: ProcessScope, by = 'instance') =>
  `sum by (${by}) (process_resident_memory_bytes{${scope}})`;
/** When each instance started, milliseconds since the epoch. */
export const startedAt = (scope: ProcessScope, by = 'instance') =>
  `max by (${by}) (process_start_time_seconds{${scope}}) * 1000`;
/** Open files and sockets as a share of those allowed, 0..1. */
export const openFiles = (scope: ProcessScope) =>
  `max by (instance) (process_open_fds{${scope}} / process_max_fds{${scope}})`;

/** How late the event loop is in 1 of 100 turns, seconds. */
export const eventLoopLag = (scope: ProcessScope) =>
  `max by (instance) (nodejs_eventloop_lag_p99_seconds{${scope}})`;
export const heapUsed = (scope: ProcessScope) => `sum by (instance) (nodejs_heap_size_used_bytes{${scope}})`;
/** By those of V8's spaces that grow with what a program keeps. */
export const heapBySpace = (scope: ProcessScope) =>
  `sum by (space) (nodejs_heap_space_size_used_bytes{${scope},space=~"old|new|code|large_object"})`;
/** Share of the time that collecting garbage takes, 0..1. */
export const garbageCollection = (scope: ProcessScope, by = 'instance') =>
  `sum by (${by}) (rate(nodejs_gc_duration_seconds_sum{${scope}}[${RATE}]))`;
