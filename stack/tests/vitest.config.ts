import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** `npm run test:stack`: the real components, on ports and a data folder of their own, one file after the other. */
export default defineConfig({
  test: {
    root: dirname(fileURLToPath(import.meta.url)),
    include: ['**/*.stack.test.ts'],
    globalSetup: ['./start-stack.ts'],
    fileParallelism: false,
    sequence: { concurrent: false },
    testTimeout: 60_000,
    hookTimeout: 30 * 60_000,
    bail: 0,
  },
});
