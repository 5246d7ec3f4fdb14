import { expect, it, vi } from 'vitest';
import { startService } from '../testing/running-service.ts';

const api = () => [];
const bearer = (token: string) => ({
  headers: { authorization: `Bearer ${token}` },
  validateStatus: () => true,
});

it('an instance is restarted by whoever has the token for it, and by nobody else', async () => {
  const restart = vi.fn();
  await using service = await startService({
    api,
    restartToken: 'restart-token',
    adminToken: 'admin-token',
    restart,
  });
  expect((await service.client.post('/operations/restart', {}, bearer('admin-token'))).status).toBe(401);
  expect(restart).not.toHaveBeenCalled();
  expect((await service.client.post('/operations/restart', {}, bearer('restart-token'))).status).toBe(202);
  await vi.waitFor(() => expect(restart).toHaveBeenCalledTimes(1));
});

it('without a token there is no such route', async () => {
  await using service = await startService({ api });
  expect((await service.client.post('/operations/restart', {}, bearer('x'))).status).toBe(404);
});
