/** `npm run connect -- --service NAME`. */

import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { platformAddresses } from '@aiops-sre/service-kit/platform/addresses.ts';
import { endpoint, platformPorts, platformVariables } from '@aiops-sre/service-kit/platform/ports.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { adoptSlos } from '@aiops-sre/slo/adopt/adopt.ts';
import { proposalLines } from '@aiops-sre/slo/adopt/proposal-text.ts';
import { proposeSlos } from '@aiops-sre/slo/adopt/propose.ts';
import { applyHome } from '../home/apply.ts';
import { readSettings } from '../settings.ts';
import { type Adopt, connectCommand } from './command.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Until rules of adopted SLOs are evaluated. */
const EVALUATED_MS = 120_000;
/** 128 + SIGINT, as shells do. */
const INTERRUPTED = 130;

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => abort.abort(new Error('interrupted')));

const adopt: Adopt = async ({ service, burnIn, signal, say }) => {
  const settings = readSettings(root, process.env);
  const { prometheusUrl: url } = platformAddresses(root, process.env);
  const prometheus = createPrometheusClient({ url, timeoutMs: 30_000 });
  const nowSeconds = Math.floor(Date.now() / 1000);
  const proposal = await proposeSlos({ service, prometheus, nowSeconds, burnIn });
  for (const line of proposalLines(proposal)) say(line);
  const apply = () => applyHome({ settings, write: say });
  const { slos } = await adoptSlos({
    proposal,
    burnIn,
    home: settings.home,
    prometheus,
    apply,
    timeoutMs: EVALUATED_MS,
    signal,
  });
  return slos;
};

async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal: abort.signal })).trim());
  } finally {
    terminal.close();
  }
}

try {
  const ports = platformPorts(platformVariables(root, process.env));
  const { grafanaUrl, ...addresses } = platformAddresses(root, process.env);
  const url = (name: Parameters<typeof endpoint>[1]) => endpoint({ ports }, name);
  process.exitCode = await connectCommand(process.argv.slice(2), {
    addresses: {
      ...addresses,
      collectorUrl: url('collectorTelemetry'),
      seriesUrls: [url('collectorMetrics'), url('collectorUnverifiedMetrics')],
      otlpPorts: { grpc: ports.otlpGrpc, http: ports.otlpHttp },
    },
    grafanaUrl,
    adopt,
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
