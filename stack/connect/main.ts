/** `npm run connect -- --service NAME`. */

import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { abortOnSignal, INTERRUPTED } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { platformAddresses } from '@aiops-sre/service-kit/platform/addresses.ts';
import { endpoint, type PortName } from '@aiops-sre/service-kit/platform/ports.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { applyHome } from '../home/apply.ts';
import { readSettings } from '../settings.ts';
import { adopter } from './adopt.ts';
import { connectCommand } from './command.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const abort = abortOnSignal();

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal: abort.signal })).trim());
  } finally {
    terminal.close();
  }
}

try {
  const settings = readSettings(root, process.env);
  const { grafanaUrl, ...addresses } = platformAddresses(root, process.env);
  const url = (name: PortName) => endpoint(settings, name);
  process.exitCode = await connectCommand(process.argv.slice(2), {
    addresses: {
      ...addresses,
      collectorUrl: url('collectorTelemetry'),
      seriesUrls: [url('collectorMetrics'), url('collectorUnverifiedMetrics')],
      otlpPorts: { grpc: settings.ports.otlpGrpc, http: settings.ports.otlpHttp },
    },
    grafanaUrl,
    adopt: adopter({
      home: settings.home,
      prometheus: createPrometheusClient({ url: addresses.prometheusUrl, timeoutMs: 30_000 }),
      apply: (say) => applyHome({ settings, write: say }),
    }),
    confirm: process.stdin.isTTY && process.stdout.isTTY ? confirm : undefined,
    signal: abort.signal,
    out: (text) => print(text),
    err: (text) => printError(text),
  });
} catch (error) {
  if (abort.signal.aborted) process.exitCode = INTERRUPTED;
  else {
    printError((error as Error).message);
    process.exitCode = 1;
  }
}
