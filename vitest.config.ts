import { defineConfig } from 'vitest/config';

/** Unit tests: quick, no network beyond loopback, no binaries. `npm run test:stack` and `npm run test:compose` have
 * configurations of their own. */
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '.data/**', '**/*.stack.test.ts', '**/*.compose.test.ts'],
    passWithNoTests: false,
  },
});
