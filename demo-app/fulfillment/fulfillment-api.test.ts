import { expect, it } from 'vitest';
import { requestsSeries, startService } from '../testing/running-service.ts';
import { fulfillmentApi } from './fulfillment-api.ts';

function startFulfillment(factor: number, random: () => number) {
  return startService({
    adminToken: 'long-enough',
    random: () => 0,
    api: ({ registry }) =>
      fulfillmentApi({ registry, failure: { factor, cycles: false }, random, now: () => 0 }),
  });
}

const document = { kind: 'label', pages: 1 };
const series = (status: string) => `fulfillment_document_requests_count_total{document_status="${status}"}`;

it('has both outcomes at zero from the start', async () => {
  await using fulfillment = await startFulfillment(0, () => 0);
  expect([await fulfillment.sample(series('processed')), await fulfillment.sample(series('failed'))]).toEqual(
    [0, 0],
  );
});

it('fails the share that its factor says, with a 500', async () => {
  const draws = [0, 0.09, 0, 0.11];
  await using fulfillment = await startFulfillment(0.1, () => draws.shift()!);
  expect((await fulfillment.client.post('/api/documents', document)).status).toBe(500);
  expect((await fulfillment.client.post('/api/documents', document)).status).toBe(200);
  expect([await fulfillment.sample(series('processed')), await fulfillment.sample(series('failed'))]).toEqual(
    [1, 1],
  );
  expect(await fulfillment.sample(requestsSeries('POST', '/api/documents', '5xx'))).toBe(1);
});

it('does not count a malformed request as a document', async () => {
  await using fulfillment = await startFulfillment(0, () => 0);
  for (const body of [{}, { kind: 'scroll' }, { kind: 'label', pages: 1e9 }])
    expect((await fulfillment.client.post('/api/documents', body)).status).toBe(400);
  expect([await fulfillment.sample(series('processed')), await fulfillment.sample(series('failed'))]).toEqual(
    [0, 0],
  );
});

it('counts a document that an injected fault fails', async () => {
  await using fulfillment = await startFulfillment(0, () => 0);
  await fulfillment.client.put(
    '/admin/faults',
    { errorRatio: 1 },
    { headers: { authorization: 'Bearer long-enough' } },
  );
  expect((await fulfillment.client.post('/api/documents', document)).status).toBe(500);
  expect(await fulfillment.sample(series('failed'))).toBe(1);
});
