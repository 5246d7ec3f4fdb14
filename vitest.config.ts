import { defineConfig } from 'vitest/config';

/** Unit tests: quick, no network beyond loopback, no binaries. `test:stack`, `test:compose`, `test:attack` and
 * `test:kubernetes` have configurations of their own: `checks/repository/suites.test.ts` holds that no file is of two kinds. */
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      '.data/**',
      '**/*.stack.test.ts',
      '**/*.compose.test.ts',
      '**/*.attack.test.ts',
      '**/*.kubernetes.test.ts',
      '**/*.cluster.test.ts',
      // Clicks in a browser, in a Grafana that is running: which says where.
      ...(process.env.GRAFANA_URL ? [] : ['**/*.grafana.test.ts']),
    ],
    passWithNoTests: false,
    // Tests that start processes wait for them: on a busy host that takes longer than Vitest's 5 s.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
