import { expect, it } from 'vitest';
import type { Hypothesis, Incident } from '../../incidents/incident.ts';
import { serviceGraph } from '../../topology/service-graph.ts';
import { rootWay } from './root-way.ts';

const graph = serviceGraph([
  { client: 'traffic', server: 'storefront' },
  { client: 'storefront', server: 'checkout' },
  { client: 'checkout', server: 'shop' },
  { client: 'storefront', server: 'identity' },
]);
const drawn = (services: string[], root: string | undefined, grafanaUrl?: string) =>
  rootWay(
    {
      services,
      startedAtMs: 1_800_000,
      hypotheses: root === undefined ? [] : [{ service: root } as Hypothesis],
    } as unknown as Incident,
    graph,
    grafanaUrl,
  )?.markup;

it('lights the calls from what alerts to the root, and shows nothing else', () => {
  const markup = drawn(['storefront'], 'shop')!;
  expect([...markup.matchAll(/class="lit"[^>]*><title>([^<]*)/g)].map(([, title]) => title)).toEqual([
    'storefront calls checkout',
    'checkout calls shop',
  ]);
  expect(markup).toMatch(/\/services\/shop" class="bad"/);
  expect(markup).toMatch(/\/services\/storefront" class="attention"/);
  expect(markup).not.toMatch(/traffic|identity/);
});

it('lights the calls from a root that sends too much to what alerts', () => {
  expect(
    [...drawn(['checkout'], 'traffic')!.matchAll(/class="lit"[^>]*><title>([^<]*)/g)].map(
      ([, title]) => title,
    ),
  ).toEqual(['traffic calls storefront', 'storefront calls checkout']);
});

it('links to the map of the time around it', () => {
  expect(drawn(['storefront'], 'shop', 'http://grafana')).toContain(
    'href="http://grafana/d/tracing?var-service=shop&amp;from=0&amp;to=3600000"',
  );
  expect(drawn(['storefront'], 'shop')).not.toContain('Grafana');
});

it('lights nothing where the root alerts itself, and is no picture of one service or of none', () => {
  expect(drawn(['storefront', 'identity'], 'storefront')).not.toContain('lit');
  expect(drawn(['ledger'], 'ledger')).toBeUndefined();
  expect(drawn(['storefront'], undefined)).toBeUndefined();
});
