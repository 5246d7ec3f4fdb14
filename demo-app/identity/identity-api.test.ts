import { STOREFRONT_LATENCY_OBJECTIVE_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { expect, it } from 'vitest';
import { startService } from '../testing/running-service.ts';
import { identityApi } from './identity-api.ts';

/** An identity whose flag has this value, and whose providers take the least time they may. */
function startIdentity(experimental: boolean) {
  return startService({
    api: () => identityApi({ isExperimental: async () => experimental, random: () => 0 }),
  });
}

it.each([
  ['', true],
  ['demo-visitor', true],
  ['expired', false],
  ['demo-UPPER', false],
])('answers for the token %j: %s', async (token, active) => {
  await using identity = await startIdentity(false);
  expect(await identity.client.post('/api/token-checks', { token })).toMatchObject({
    status: 200,
    data: { active },
  });
});

it.each([
  ['demo-user17', { id: 'user-17', region: 'eu', tier: 'bronze' }],
  ['demo-probe', { id: 'probe', region: 'unknown', tier: 'unknown' }],
  ['', undefined],
  ['expired', undefined],
])('says whose the token %j is', async (token, account) => {
  await using identity = await startIdentity(false);
  expect((await identity.client.post('/api/token-checks', { token })).data.account).toEqual(account);
});

it.each([[{}], [{ token: 1 }], [{ token: 'x'.repeat(257) }], [[]]])('refuses %j', async (body) => {
  await using identity = await startIdentity(false);
  expect((await identity.client.post('/api/token-checks', body)).status).toBe(400);
});

it('breaks the latency objective with the experimental provider, and only with that one', async () => {
  for (const experimental of [false, true]) {
    await using identity = await startIdentity(experimental);
    const startedAt = performance.now();
    await identity.client.post('/api/token-checks', { token: '' });
    expect(performance.now() - startedAt > STOREFRONT_LATENCY_OBJECTIVE_SECONDS * 1000).toBe(experimental);
    expect(identity.log.at(-1)).toMatchObject({ provider: experimental ? 'experimental' : 'stable' });
  }
});

it('does not write tokens to the log', async () => {
  await using identity = await startIdentity(false);
  await identity.client.post('/api/token-checks', { token: 'demo-s3cret' });
  await identity.client.post('/api/token-checks', { token: ['demo-s3cret'] });
  expect(JSON.stringify(identity.log)).not.toContain('s3cret');
});
