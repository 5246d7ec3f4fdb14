const RATE = '$__rate_interval';
const HOST = 'job="host"';

/** Share of the processors' time that is taken, waiting for a disk left out, 0..1. */
export const cpuBusy = `1 - sum by (instance) (rate(system_cpu_time_seconds_total{${HOST},state=~"idle|wait"}[${RATE}])) / sum by (instance) (rate(system_cpu_time_seconds_total{${HOST}}[${RATE}]))`;

/** The same by what takes it, `idle` left out. */
export const cpuByState = `sum by (state) (rate(system_cpu_time_seconds_total{${HOST},state!="idle"}[${RATE}])) / on () group_left () sum(system_cpu_logical_count{${HOST}})`;

/** Processes that run or wait for a processor or a disk, for each processor, as means of so many minutes. */
export const load = Object.fromEntries(
  (['1m', '5m', '15m'] as const).map((time) => [
    time,
    `max(system_cpu_load_average_${time}{${HOST}}) / max(system_cpu_logical_count{${HOST}})`,
  ]),
) as Readonly<Record<'1m' | '5m' | '15m', string>>;

/** Share of the memory that programs hold, 0..1. */
export const memoryUsed = `max(system_memory_utilization_ratio{${HOST},state="used"})`;
/** Bytes by what they are used for. */
export const memoryByState = `sum by (state) (system_memory_usage_bytes{${HOST}})`;
/** Pages that go to the disk or come from it because memory is short, a second. */
export const swapping = `sum by (direction) (rate(system_paging_operations_total{${HOST},type="major"}[${RATE}]))`;

const usage = (state: string) =>
  `sum by (device, mountpoint) (system_filesystem_usage_bytes{${HOST},state=~"${state}"})`;
/** What is left by disk and where it is mounted, as df counts: a share without what is reserved for root. */
export const diskFreeShare = `${usage('free')} / ${usage('free|used')}`;
/** Days until a disk is full, if it goes on as in the last six hours; absent where it does not fill up. */
export const diskDaysLeft = `(${usage('free')} / (- sum by (device, mountpoint) (deriv(system_filesystem_usage_bytes{${HOST},state="free"}[6h])) > 0)) / 86400`;
/** Share of the time that a disk is at work, 0..1. */
export const diskBusy = `sum by (device) (rate(system_disk_io_time_seconds_total{${HOST}}[${RATE}]))`;
export const diskBytes = `sum by (device, direction) (rate(system_disk_io_bytes_total{${HOST}}[${RATE}]))`;
/** Mean seconds that an operation of a disk takes. */
export const diskSeconds = `sum by (device, direction) (rate(system_disk_operation_time_seconds_total{${HOST}}[${RATE}])) / (sum by (device, direction) (rate(system_disk_operations_total{${HOST}}[${RATE}])) > 0)`;

export const networkBytes = `sum by (device, direction) (rate(system_network_io_bytes_total{${HOST}}[${RATE}]))`;
/** Packets that were broken or had no room, a second. */
export const networkLoss = `sum by (device) (rate(system_network_errors_total{${HOST}}[${RATE}]) + rate(system_network_dropped_total{${HOST}}[${RATE}]))`;

export const processors = `max(system_cpu_logical_count{${HOST}})`;

const PROCESS = 'service, instance';
/** Label `service` is given by scrapes alone. The Collector names its own process' metrics after itself. */
const SCRAPED = 'service!=""';
/** Processors that each process takes; the ten highest. */
export const processCpu = `topk(10, sum by (${PROCESS}) (rate(process_cpu_seconds_total{${SCRAPED}}[${RATE}]) or rate(otelcol_process_cpu_seconds{${SCRAPED}}[${RATE}])))`;
export const processMemory = `topk(10, sum by (${PROCESS}) (process_resident_memory_bytes{${SCRAPED}} or otelcol_process_memory_rss{${SCRAPED}}))`;
/** Open files and connections as a share of those allowed, 0..1. */
const openFiles = `process_open_fds{${SCRAPED}} / process_max_fds{${SCRAPED}}`;
export const processOpenFiles = `topk(10, max by (${PROCESS}) (${openFiles}))`;
export const openFilesHighest = `max(${openFiles})`;
