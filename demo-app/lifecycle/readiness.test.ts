import { expect, it } from 'vitest';
import { startService } from '../testing/running-service.ts';
import { createReadiness, SCRAPE_GRACE_MS } from './readiness.ts';

it('is ready after the first scrape', async () => {
  const readiness = createReadiness();
  readiness.listening();
  await using service = await startService({ readiness, api: () => [] });
  expect((await service.client.get('/readyz')).status).toBe(503);
  expect((await service.client.get('/healthz')).status).toBe(200);
  await service.client.get('/metrics');
  expect((await service.client.get('/readyz')).status).toBe(200);
});

it('is ready some time after listening when nothing scrapes', () => {
  let now = 5;
  const readiness = createReadiness({ now: () => now });
  now += SCRAPE_GRACE_MS;
  expect(readiness.status()).not.toBe('ready');
  readiness.listening();
  expect(readiness.status()).not.toBe('ready');
  now += SCRAPE_GRACE_MS;
  expect(readiness.status()).toBe('ready');
});

it('is not ready while draining, scraped or not', () => {
  const readiness = createReadiness();
  readiness.scraped();
  readiness.drain();
  expect(readiness.status()).toBe('draining');
});
