import { expect, test } from 'vitest';
import { killAndAwait, seesProcesses } from './processes.ts';
import { containers } from './project.ts';
import { projectUnderTest } from './project-under-test.ts';

const project = projectUnderTest();

/** Those that no page depends on: this runs while one is being awaited. */
test
  .skipIf(!seesProcesses(await containers(project)))
  .each(['otel-collector', 'tempo', 'loki', 'anomaly-detector', 'guard'])(
  '%s comes back after its process was killed',
  async (service) => {
    const seconds = await killAndAwait(project, service, 90_000);
    console.log(`${service}: healthy ${seconds.toFixed(0)} s after its kill`);
    expect(seconds).toBeLessThan(90);
  },
);
