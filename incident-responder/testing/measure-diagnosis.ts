import { setTimeout as delay } from 'node:timers/promises';
import { asOtlpJson, call, traceOf } from '@aiops-sre/investigation/testing/trace-builder.ts';
import { median } from '@aiops-sre/service-kit/statistics/median.ts';
import { scriptedBackend } from '@aiops-sre/service-kit/testing/scripted-backend.ts';
import { startFakePrometheus } from './fake-prometheus.ts';
import { alertPayload, webhookPayload } from './payloads.ts';
import { showSlowIdentity } from './slow-identity.ts';
import { startTestResponder } from './test-responder.ts';

/** What Tempo and Loki take for an answer here: on one machine with the demo it is some tens of milliseconds. */
const ANSWERS_AFTER_MS = 50;
const TRACES = 30;
const LINES = 1000;
const POLL_MS = 5;
const LONGEST_MS = 30_000;

interface Told {
  readonly hypotheses: readonly unknown[];
  readonly findings: unknown;
}

/**
 * From the webhook to the first ranking and to full evidence (traces and logs, and ranked anew with them), in seconds: the
 * median of some responders, each with one incident. Backends are made up; what they answer is of full size.
 */
export async function measureDiagnosis(rounds: number, signal: AbortSignal) {
  const ranked: number[] = [];
  const full: number[] = [];
  for (let round = 0; round < rounds && !signal.aborted; round += 1) {
    const times = await measureOnce();
    ranked.push(times.rankedSeconds);
    full.push(times.fullSeconds);
  }
  signal.throwIfAborted();
  return { rankedSeconds: median(ranked), fullSeconds: median(full), slowestSeconds: Math.max(...full) };
}

async function measureOnce() {
  const prometheus = await startFakePrometheus();
  showSlowIdentity(prometheus);
  const failing = traceOf({
    ...{ service: 'storefront', name: 'GET /orders', from: 0, to: 900, failed: true },
    children: [
      call('storefront', { service: 'identity', name: 'GET /session', from: 5, to: 890, failed: true }),
    ],
  });
  const traces = Array.from({ length: TRACES }, (_, index) => ({
    traceID: index.toString(16).padStart(32, '0'),
  }));
  const stream = { service_name: 'identity', detected_level: 'error' };
  await using backend = await scriptedBackend(async ({ url }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const lines = Array.from({ length: Math.min(LINES, Number(searchParams.get('limit'))) }, (_, index) => [
      `${searchParams.get('start')}000000000`,
      `provider did not answer request ${index}`,
    ]);
    const isError = searchParams.get('q')?.includes('status = error');
    const answers: Record<string, unknown> = {
      '/api/search': { traces: isError ? traces : [] },
      '/loki/api/v1/query': { data: { result: [] } },
      '/loki/api/v1/query_range': { data: { result: [{ stream, values: lines }] } },
    };
    await delay(ANSWERS_AFTER_MS);
    response.end(JSON.stringify(answers[pathname] ?? asOtlpJson(failing)));
  });
  const responder = await startTestResponder({
    response: { prometheusUrl: prometheus.url, tempoUrl: backend.url, lokiUrl: backend.url },
  });
  try {
    const alert = alertPayload({ startsAt: new Date().toISOString(), labels: { service: 'storefront' } });
    const sentMs = performance.now();
    await responder.deliver(webhookPayload([alert]));
    const until = async (isThere: (told: Told) => boolean) => {
      while (performance.now() - sentMs < LONGEST_MS) {
        const { incident } = (await responder.getJson('/api/incidents/1')) as unknown as { incident?: Told };
        if (incident !== undefined && isThere(incident)) return (performance.now() - sentMs) / 1000;
        await delay(POLL_MS);
      }
      throw new Error(`no diagnosis within ${LONGEST_MS} ms`);
    };
    return {
      rankedSeconds: await until(({ hypotheses }) => hypotheses.length > 0),
      // A reason that traces give is there once they were asked and the incident was ranked again.
      fullSeconds: await until(
        ({ findings, hypotheses }) =>
          findings != null && JSON.stringify(hypotheses).includes('"kind":"traces"'),
      ),
    };
  } finally {
    await responder.close();
    await prometheus.close();
  }
}
