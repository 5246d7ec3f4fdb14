import { readYamlFile } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { z } from 'zod';
import { promqlProblem } from '../remediation/promql.ts';

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
  slowdown: questions('service'),
  failedRatio: questions('service'),
  upRatio: questions('service'),
  instanceFailedRatio: questions('service', 'instance'),
  anomalies: questions('service', 'instance', 'rule'),
  deploys: questions('service', 'version', 'revision'),
  deployedAt: questions('service', 'revision'),
});

/** By what is asked for; what is left out of the file is empty. `labels`: ours to the query's. */
export type EvidenceQueries = z.infer<typeof evidenceQueriesSchema>;
export type EvidencePart = keyof EvidenceQueries;

/** @throws {FileError} with all that is wrong */
export function readEvidenceQueries(file: string): EvidenceQueries {
  return readYamlFile(file, evidenceQueriesSchema);
}
