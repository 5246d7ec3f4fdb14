import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakePrometheus } from './fake-prometheus.ts';

/** What Prometheus shows of a shop whose identity provider got slow, a minute ago unless said otherwise. */
export function showSlowIdentity(prometheus: FakePrometheus, slowSince = Date.now() / 1000 - 60): void {
  prometheus.answer(/^topk\(500/, () => [
    { labels: { client: 'storefront', server: 'identity' }, value: 1 },
    { labels: { client: 'storefront', server: 'fulfillment' }, value: 1 },
    { labels: { client: 'traffic', server: 'storefront' }, value: 1 },
  ]);
  prometheus.answer(/server_seconds_sum/, () => [
    { labels: { server: 'identity' }, value: (atSeconds) => (atSeconds < slowSince ? 0.02 : 2) },
    { labels: { server: 'storefront' }, value: (atSeconds) => (atSeconds < slowSince ? 0.06 : 2.04) },
  ]);
}

/** An action that switches the flag off and is verified by `verified`. @returns the folder */
export function writeFlagAction(folder: string, change: Record<string, unknown> = {}): string {
  mkdirSync(folder, { recursive: true });
  const action = {
    title: 'Switch it off',
    class: 'SAFE',
    mode: 'live',
    match: { cause: 'flag-change', service: 'identity', flag: 'experimental-identity-provider' },
    precondition: 'slow > 0.5',
    command: { kind: 'set-flag', flag: 'experimental-identity-provider', variant: 'off' },
    verification: { query: 'verified > 0', after: '0s', within: '2s' },
    rollback: 'restore',
    ...change,
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'switch-off.yaml'), JSON.stringify(action));
  return folder;
}
