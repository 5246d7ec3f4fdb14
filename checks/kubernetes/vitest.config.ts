import { defineConfig } from 'vitest/config';

/** `npm run test:kubernetes`: needs helm, kustomize, etcd and kube-apiserver, and no cluster. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.kubernetes.test.ts'],
    globalSetup: ['testing/api-server.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
