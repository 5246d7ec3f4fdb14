import { defineConfig } from 'vitest/config';
import { ByName } from '../by-name.ts';

/** `npm run test:attack`: a stack of its own, on which the files follow each other in the order of their names. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.attack.test.ts'],
    fileParallelism: false,
    sequence: { sequencer: ByName },
    hookTimeout: 60_000,
  },
});
