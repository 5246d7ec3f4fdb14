import { defineConfig } from 'vitest/config';
import { ByName } from '../../by-name.ts';

/** Of `npm run test:kubernetes`, what needs a cluster: one installation, on which the files follow each other. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.cluster.test.ts'],
    globalSetup: ['installation.ts'],
    setupFiles: ['end-forwards.ts'],
    fileParallelism: false,
    sequence: { sequencer: ByName },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
