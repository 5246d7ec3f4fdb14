import { describe, expect, it } from 'vitest';
import { serviceGraph } from '../topology/service-graph.ts';
import { CORRELATION_WINDOW_MS, incidentFor } from './correlation.ts';

const graph = serviceGraph([
  { client: 'storefront', server: 'identity' },
  { client: 'storefront', server: 'fulfillment' },
  { client: 'billing', server: 'ledger' },
]);
const incident = (id: number, service: string, startedAtMs = 0, lastAlertAtMs = startedAtMs) => ({
  id,
  services: [service],
  startedAtMs,
  lastAlertAtMs,
});
const find = (service: string, startsAtMs: number, ...incidents: ReturnType<typeof incident>[]) =>
  incidentFor({ service, labels: {}, startsAtMs }, incidents, graph)?.id;

describe('an alert joins an incident', () => {
  it('of its own service, of one that it calls and of one that calls it', () => {
    expect(find('storefront', 0, incident(1, 'storefront'))).toBe(1);
    expect(find('identity', 0, incident(1, 'storefront'))).toBe(1);
    expect(find('storefront', 0, incident(1, 'identity'))).toBe(1);
  });

  it('but of no service that has nothing to do with it', () => {
    expect(find('ledger', 0, incident(1, 'storefront'))).toBeUndefined();
    // Two that one service calls do not call each other.
    expect(find('identity', 0, incident(1, 'fulfillment'))).toBeUndefined();
    expect(find('unknown', 0, incident(1, 'storefront'))).toBeUndefined();
  });

  it('within five minutes of its alerts, before and after', () => {
    const long = incident(1, 'storefront', 0, 600_000);
    expect(find('storefront', 600_000 + CORRELATION_WINDOW_MS, long)).toBe(1);
    expect(find('storefront', 600_001 + CORRELATION_WINDOW_MS, long)).toBeUndefined();
    expect(find('storefront', -CORRELATION_WINDOW_MS, long)).toBe(1);
    expect(find('storefront', -CORRELATION_WINDOW_MS - 1, long)).toBeUndefined();
  });

  it('of its own cluster, where both name one', () => {
    const inEurope = { ...incident(1, 'storefront'), cluster: 'eu-1' };
    const of = (labels: Record<string, string>, ...incidents: (typeof inEurope)[]) =>
      incidentFor({ service: 'storefront', labels, startsAtMs: 0 }, incidents, graph)?.id;
    expect(of({ cluster: 'us-1' }, inEurope)).toBeUndefined();
    expect(of({ cluster: 'us-1' }, inEurope, { ...inEurope, id: 2, cluster: 'us-1' })).toBe(2);
    expect(of({ cluster: 'eu-1' }, inEurope)).toBe(1);
    expect(of({}, inEurope)).toBe(1);
    expect(
      incidentFor(
        { service: 'storefront', labels: { cluster: 'us-1' }, startsAtMs: 0 },
        [incident(1, 'storefront')],
        graph,
      )?.id,
    ).toBe(1);
  });

  it('the nearest of several, then the latest', () => {
    expect(find('storefront', 0, incident(1, 'storefront'), incident(2, 'identity'))).toBe(1);
    expect(find('storefront', 0, incident(1, 'identity'), incident(2, 'fulfillment'))).toBe(2);
  });
});
