import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** `npm run test:compose`: the tests of the running stack that need no more than its addresses, and those of Compose. */
export default defineConfig({
  test: {
    root: dirname(dirname(fileURLToPath(import.meta.url))),
    include: ['stack/page/*.stack.test.ts', 'compose/*.compose.test.ts'],
    // A file waits most of the time, for a page to resolve: one worker a file, however few processors there are.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
