import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../configuration.ts';

const read = (environment: Record<string, string>) =>
  readConfiguration({ WEBHOOK_AUTHENTICATION: 'off', ...environment }).response.cluster;

describe('the cluster that is operated', () => {
  it('is none by default', () => expect(read({})).toBeUndefined());

  it('is namespaces, a Lease and perhaps flags', () =>
    expect(
      read({
        KUBERNETES_NAMESPACES: 'shop, payments',
        KUBERNETES_LEASE: 'shop/operator',
        KUBERNETES_FLAGS: 'shop/config-flags/demo.flagd.json',
      }),
    ).toEqual({
      namespaces: ['shop', 'payments'],
      nodes: false,
      lease: { namespace: 'shop', name: 'operator' },
      flags: { namespace: 'shop', name: 'config-flags', key: 'demo.flagd.json' },
    }));

  it.each([
    [{ KUBERNETES_NAMESPACES: 'Shop' }, /KUBERNETES_NAMESPACES.*expected names of namespaces/],
    [{ KUBERNETES_NAMESPACES: 'shop' }, /KUBERNETES_LEASE: expected the Lease/],
    [{ KUBERNETES_FLAGS: 'config-flags' }, /KUBERNETES_FLAGS.*expected NAMESPACE\/CONFIGMAP\/KEY/],
  ])('is refused as %j', (environment, problem) => expect(() => read(environment)).toThrow(problem));
});
