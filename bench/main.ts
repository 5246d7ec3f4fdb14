/** `npm run bench -- NAME [--json]`: measures, and judges nothing. */

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { abortOnSignal } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { dashboardsBenchmark } from './dashboards.ts';
import { detectorBenchmark } from './detector.ts';
import { diagnosisBenchmark } from './diagnosis.ts';
import type { Benchmark } from './figures.ts';
import { loadBenchmark } from './load.ts';
import { ordersBenchmark } from './orders.ts';
import { overheadBenchmark } from './overhead.ts';
import { pipelineBenchmark } from './pipeline.ts';
import { responderBenchmark } from './responder.ts';
import { rulesBenchmark } from './rules.ts';
import { servicesBenchmark } from './services.ts';
import { startBenchmark } from './start.ts';

const benchmarks: Readonly<Record<string, Benchmark>> = {
  start: startBenchmark,
  overhead: overheadBenchmark,
  load: loadBenchmark,
  orders: ordersBenchmark,
  detector: detectorBenchmark,
  responder: responderBenchmark,
  diagnosis: diagnosisBenchmark,
  rules: rulesBenchmark,
  dashboards: dashboardsBenchmark,
  pipeline: pipelineBenchmark,
  services: servicesBenchmark,
};

const [name = '', ...rest] = process.argv.slice(2);
const json = rest.includes('--json');
const benchmark = benchmarks[name];
if (!benchmark) {
  printError(
    `usage: npm run bench -- NAME [--json]${name ? `\n\nThere is no benchmark ${JSON.stringify(name)}.` : ''}\n`,
  );
  for (const [each, { description }] of Object.entries(benchmarks))
    printError(`  ${each.padEnd(12)} ${description}`);
  process.exit(2);
}
const abort = abortOnSignal();
const running = benchmark.run({
  root: dirname(dirname(fileURLToPath(import.meta.url))),
  environment: process.env,
  args: rest.filter((each) => each !== '--json'),
  onProgress: (line) => printError(line),
  signal: abort.signal,
});
const figures = await running.catch((error: Error) => {
  printError(error.message);
  process.exit(1);
});
if (json) {
  print(JSON.stringify({ figures }));
} else {
  const table = plainTable(['figure', 'value', 'unit']);
  for (const [figure, { value, unit }] of Object.entries(figures)) {
    table.push([figure, value.toPrecision(value >= 100 ? Math.ceil(Math.log10(value)) : 3), unit]);
  }
  print(`\n${table.toString()}`);
}
