import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { ByName } from '../by-name.ts';

/** `npm run test:stack`: the real components, a stack for each folder, on which its files follow each other. */
export default defineConfig({
  test: {
    root: dirname(dirname(fileURLToPath(import.meta.url))),
    include: ['stack/**/*.stack.test.ts'],
    fileParallelism: false,
    // Of tests that say so themselves, such as faults of different series.
    maxConcurrency: 10,
    sequence: { sequencer: ByName },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
