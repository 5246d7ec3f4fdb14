import { expect, it } from 'vitest';
import { accountOf } from './account.ts';

it('has customers of every region and tier, the same each time', () => {
  const customers = Array.from({ length: 200 }, (_, index) => accountOf(`demo-user${index + 1}`)!);
  expect(new Set(customers.map(({ region }) => region))).toEqual(new Set(['eu', 'us', 'apac']));
  expect(new Set(customers.map(({ tier }) => tier))).toEqual(new Set(['gold', 'silver', 'bronze']));
  expect(accountOf('demo-user7')).toEqual(customers[6]);
});
