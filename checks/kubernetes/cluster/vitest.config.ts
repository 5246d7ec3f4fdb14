import { defineConfig } from 'vitest/config';
import { ByName } from '../../by-name.ts';

/** Of `npm run test:kubernetes`, what needs a cluster: one installation, on which the files follow each other. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.cluster.test.ts'],
    globalSetup: ['clean-cluster.ts'],
    setupFiles: ['tell-state.ts'],
    fileParallelism: false,
    // What is not installed fails everything after it.
    bail: 1,
    sequence: { sequencer: ByName },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
