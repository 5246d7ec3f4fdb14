import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STOREFRONT_LATENCY_OBJECTIVE_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { PROBE_TRACESTATE } from '@aiops-sre/conventions/probe.ts';
import { TAIL_SAMPLING } from '@aiops-sre/conventions/tail-sampling.ts';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const collector = parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'otel-collector', 'config.yaml'), 'utf8'),
);

test('the Collector samples as whoever weighs its traces takes it to', () => {
  const policies: readonly { name: string; type: string }[] = collector.processors.tail_sampling.policies;
  const by = Object.fromEntries(policies.map((policy) => [policy.type, policy]));
  expect(Object.keys(by).sort()).toEqual(['latency', 'probabilistic', 'status_code', 'trace_state']);
  expect(by).toMatchObject({
    status_code: { status_code: { status_codes: ['ERROR'] } },
    latency: { latency: { threshold_ms: TAIL_SAMPLING.keptFromMs } },
    probabilistic: { probabilistic: { sampling_percentage: 100 * TAIL_SAMPLING.keptShareOfTheRest } },
    trace_state: { trace_state: { key: PROBE_TRACESTATE.key, values: [PROBE_TRACESTATE.value] } },
  });
  const [statements] = collector.processors['transform/sampled'].trace_statements;
  expect(statements.statements).toEqual([`set(attributes["${TAIL_SAMPLING.mark}"], true)`]);
  expect(TAIL_SAMPLING.keptFromMs).toBe(STOREFRONT_LATENCY_OBJECTIVE_SECONDS * 1000);
});

test('every trace goes to Tempo unsampled, and to the sampler where the queue in front of Tempo is full', () => {
  const { pipelines } = collector.service;
  expect(collector.connectors.failover.priority_levels).toEqual([['traces/every'], ['traces/sampled']]);
  expect(pipelines['traces/every']).toEqual({ receivers: ['failover'], exporters: ['otlp_http/tempo'] });
  expect(pipelines.traces.exporters).toEqual([
    'span_metrics',
    'span_metrics/services',
    'service_graph',
    'failover',
  ]);
  expect(pipelines['traces/sampled'].processors).toEqual(['tail_sampling', 'transform/sampled']);
});
