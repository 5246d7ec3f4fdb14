import { defineConfig } from 'vitest/config';

/** `npm run test:kubernetes`: needs helm and kustomize, and no cluster. */
export default defineConfig({
  test: { root: import.meta.dirname, include: ['**/*.kubernetes.test.ts'], testTimeout: 60_000 },
});
