import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OBJECTIVES } from '@aiops-sre/demo-app/load/objectives.ts';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

const file = join(import.meta.dirname, '..', '..', 'slo', 'definitions', 'storefront.yaml');
const documents = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS());
const objectives = (name: string) =>
  documents.find(({ metadata }) => metadata.name === name).spec.objectives[0];

describe('the thresholds of the load are the SLOs of the storefront', () => {
  test('availability', () => {
    expect(objectives('storefront-availability')).toEqual({ target: OBJECTIVES.availability.target });
  });

  test('latency', () => {
    const { target, withinMs } = OBJECTIVES.latency;
    expect(objectives('storefront-latency')).toEqual({ op: 'lte', value: withinMs / 1000, target });
  });
});
