import { execa } from 'execa';
import { expect } from 'vitest';
import { ROOT, stackUnderTest } from '../testing/stack-under-test.ts';
import { attack } from './testing/attack.ts';

const stack = stackUnderTest();

attack('no token', 'POST of an alert to the webhook', async () => {
  const { status } = await stack.http.post(stack.url('incidentResponder', '/webhook/alertmanager'), {});
  expect(status).toBe(401);
  return '401';
});

attack('no token', 'faults in every process of the application', async () => {
  for (const name of ['storefront', 'identity', 'fulfillment-1', 'checkout', 'payments'] as const)
    expect((await stack.http.put(stack.url(name, '/admin/faults'), { errorRatio: 1 })).status).toBe(401);
  return '401';
});

attack('no token', 'restart of an instance', async () => {
  const { status } = await stack.http.post(stack.url('fulfillment-1', '/operations/restart'));
  expect(status).toBe(401);
  return '401';
});

attack('a token that can be guessed', 'eight characters, for faults and for restarts', async () => {
  for (const variable of ['ADMIN_TOKEN', 'RESTART_TOKEN']) {
    const { exitCode, stderr } = await execa(process.execPath, ['demo-app/main.ts', 'fulfillment'], {
      cwd: ROOT,
      env: { [variable]: 'hunter22', PORT: '0' },
      reject: false,
      timeout: 20_000,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${variable}: expected at least 16 characters`);
  }
  return 'the component does not start';
});
