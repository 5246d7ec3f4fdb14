/** `helm test`, inside of the cluster: one request, seen the whole way through. Exits with 1 and says what had not arrived. */

import { orExit } from '@aiops-sre/service-kit/lifecycle/or-exit.ts';
import { readEnvironment } from '@aiops-sre/service-kit/settings/environment.ts';
import { httpUrl } from '@aiops-sre/service-kit/settings/variables.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { z } from 'zod';
import { probe } from '../../status/probe.ts';

const TIMEOUT_MS = 90_000;

const { STOREFRONT_URL, PROMETHEUS_URL, TEMPO_URL } = orExit(
  () =>
    readEnvironment(
      z.object({ STOREFRONT_URL: httpUrl, PROMETHEUS_URL: httpUrl, TEMPO_URL: httpUrl }),
      process.env,
    ),
  1,
);

try {
  const seen = await probe({
    urls: { storefront: STOREFRONT_URL, prometheus: PROMETHEUS_URL, tempo: TEMPO_URL },
    timeoutMs: TIMEOUT_MS,
    signal: AbortSignal.timeout(2 * TIMEOUT_MS),
    exact: false,
  });
  print(
    `request ${seen.traceId}: in Tempo after ${seen.inTempoSeconds.toFixed(1)} s, in Prometheus after ${seen.inPrometheusSeconds.toFixed(1)} s`,
  );
} catch (error) {
  printError((error as Error).message);
  process.exitCode = 1;
}
