import { describe, expect, it } from 'vitest';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { parseAlertmanagerPayload } from './alertmanager-payload.ts';
import { contentKey } from './content-key.ts';

const keyOf = (...alerts: Parameters<typeof alertPayload>[0][]) =>
  contentKey(parseAlertmanagerPayload(webhookPayload(alerts.map((alert) => alertPayload(alert)))));

describe('content key', () => {
  it('does not depend on order or annotations', () => {
    expect(keyOf({ fingerprint: 'a' }, { fingerprint: 'b', annotations: { summary: 'x' } })).toBe(
      keyOf({ fingerprint: 'b' }, { fingerprint: 'a' }),
    );
  });

  it('differs once an alert joins, resolves or starts anew', () => {
    const keys = [
      keyOf({ fingerprint: 'a' }),
      keyOf({ fingerprint: 'a' }, { fingerprint: 'b' }),
      keyOf({ fingerprint: 'a' }, { fingerprint: 'b', status: 'resolved' }),
      keyOf({ fingerprint: 'a', startsAt: '2026-03-02T10:00:00Z' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
