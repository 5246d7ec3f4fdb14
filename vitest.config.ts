import { defineConfig } from 'vitest/config';

/** Unit tests: quick, no network beyond loopback, no binaries. `npm run test:stack` has a configuration of its own. */
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '.data/**', '**/*.stack.test.ts'],
    passWithNoTests: false,
  },
});
