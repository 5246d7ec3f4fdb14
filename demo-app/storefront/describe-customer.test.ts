import { expect, it } from 'vitest';
import { startService } from '../testing/running-service.ts';
import { customerDescription, customerSchema } from './describe-customer.ts';

/** The log line of a request of this customer. */
async function lineOf(customer: unknown, key = 'a-key') {
  await using service = await startService({
    api: () => [
      {
        method: 'GET',
        route: '/api/things',
        handlers: [
          (_request, response) => {
            customerDescription(key)(response, customerSchema.parse(customer));
            response.json({});
          },
        ],
      },
    ],
  });
  await service.client.get('/api/things');
  return service.log.at(-1)!;
}

it('says region, tier and a pseudonym, and never the name', async () => {
  const line = await lineOf({ id: 'user-17', region: 'eu', tier: 'gold' });
  expect(line).toMatchObject({
    'enduser.pseudo.id': expect.stringMatching(/^[\da-f]{16}$/),
    'shop.region': 'eu',
    'shop.customer.tier': 'gold',
  });
  expect(JSON.stringify(line)).not.toContain('user-17');
});

it('has one pseudonym a customer and key', async () => {
  const pseudonym = async (id: string, key?: string) =>
    (await lineOf({ id, region: 'eu', tier: 'gold' }, key))['enduser.pseudo.id'];
  const first = await pseudonym('user-1');
  expect(await pseudonym('user-1')).toBe(first);
  expect(await pseudonym('user-2')).not.toBe(first);
  expect(await pseudonym('user-1', 'another-key')).not.toBe(first);
});

it('takes what is no region or tier of the shop for unknown', async () => {
  expect(await lineOf({ id: 'x', region: 'moon"}', tier: 7 })).toMatchObject({
    'shop.region': 'unknown',
    'shop.customer.tier': 'unknown',
  });
});
