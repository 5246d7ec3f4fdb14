import { readYamlFile } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { z } from 'zod';
import { promqlProblem } from '../remediation/promql.ts';
import type { Signal } from './service-deviations.ts';

const query = z.string().superRefine((text, context) => {
  const problem = promqlProblem(text);
  if (problem !== undefined) context.addIssue(`expected PromQL: ${problem}`);
});

/** Queries, each with what it calls the labels that tell its samples apart. */
const questions = (...labels: readonly string[]) =>
  z
    .array(
      z.strictObject({
        query,
        labels: z
          .strictObject(Object.fromEntries(labels.map((label) => [label, z.string().min(1).default(label)])))
          .prefault({}),
      }),
    )
    .default([]);

const evidenceQueriesSchema = z.strictObject({
  requests: questions('service'),
  failedRatio: questions('service'),
  duration: questions('service'),
  cpu: questions('service'),
  memory: questions('service'),
  load: questions('service'),
  upRatio: questions('service'),
  instanceFailedRatio: questions('service', 'instance'),
  anomalies: questions('service', 'instance', 'rule'),
  deploys: questions('service', 'version', 'revision'),
  versionsBefore: questions('service', 'version', 'revision'),
  deployedAt: questions('service', 'version', 'revision'),
});

/** By what is asked for; what is left out of the file is empty. `labels`: ours to the query's. */
export type EvidenceQueries = z.infer<typeof evidenceQueriesSchema>;
export type EvidencePart = keyof EvidenceQueries;

/** Parts that are looked at over time, before and since. */
export const SERIES_PARTS = {
  requests: 'requests',
  failedRatio: 'failed-ratio',
  duration: 'duration',
  cpu: 'cpu',
  memory: 'memory',
  load: 'load',
} as const satisfies Partial<Record<EvidencePart, Signal>>;

/** @throws {FileError} with all that is wrong */
export function readEvidenceQueries(file: string): EvidenceQueries {
  return readYamlFile(file, evidenceQueriesSchema);
}
