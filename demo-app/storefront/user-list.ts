import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import type { AxiosInstance } from 'axios';
import { failureOf } from '../http/json-client.ts';
import { accountStatusSchema } from '../identity/account-status.ts';

/**
 * The users with the status of each one's account, asked one after the other: a query for the list and N for its entries,
 * as a drill for who reads traces.
 *
 * @throws {HttpError} 503 when identity does not answer
 */
export async function usersWithAccounts<User extends { readonly id: string }>(
  identity: AxiosInstance,
  users: readonly User[],
) {
  const found = [];
  for (const user of users) found.push({ ...user, ...(await accountStatus(identity, user.id)) });
  return found;
}

async function accountStatus(identity: AxiosInstance, id: string) {
  const answer = await identity.get(`/api/accounts/${id}`).catch((error: unknown) => {
    throw new HttpError(503, 'identity is not available', {
      retryAfterSeconds: 1,
      cause: new Error(`identity: ${failureOf(error)}`),
    });
  });
  const status = accountStatusSchema.safeParse(answer.data);
  if (answer.status !== 200 || !status.success)
    throw new HttpError(503, 'identity is not available', {
      retryAfterSeconds: 1,
      cause: new Error(`identity answered ${answer.status}`),
    });
  return status.data;
}
