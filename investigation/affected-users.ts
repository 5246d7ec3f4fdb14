import { STOREFRONT_LATENCY_OBJECTIVE_SECONDS } from '@aiops-sre/conventions/metric-names.ts';
import { USER_ATTRIBUTE } from '@aiops-sre/conventions/semantic-attributes.ts';
import { ENTRY_CONDITION } from './data-sources/entry-condition.ts';
import type { Tempo } from './data-sources/tempo.ts';
import { slices, type TimeRange } from './data-sources/time-range.ts';

/** Users who were given a failed or slow answer. */
export interface AffectedUsers {
  readonly users: number;
  /** Whether there may be more: not every trace was read, or was kept. */
  readonly atLeast: boolean;
}

const SLICES = 6;
const TRACES_PER_SLICE = 1000;

/**
 * Counts users by their pseudonyms in traces that the service has a part in and whose request failed or was slow, whoever of the
 * services answered it. Undefined where no such request says whose it is.
 */
export async function affectedUsers(options: {
  readonly tempo: Tempo;
  readonly service: string;
  readonly range: TimeRange;
  readonly slowerThanSeconds?: number;
}): Promise<AffectedUsers | undefined> {
  const { tempo, service, range, slowerThanSeconds = STOREFRONT_LATENCY_OBJECTIVE_SECONDS } = options;
  const user = `span.${JSON.stringify(USER_ATTRIBUTE)}`;
  const limit = `${Math.round(slowerThanSeconds * 1e6)}us`;
  const query =
    `{ ${user} != nil && ${ENTRY_CONDITION} && (status = error || duration > ${limit}) } && ` +
    `{ resource.service.name = ${JSON.stringify(service)} } | select(${user})`;
  const found = await Promise.all(
    slices(range, SLICES).map((slice) => tempo.spans(query, slice, TRACES_PER_SLICE)),
  );
  const users = new Set(
    found.flatMap(({ spans }) => spans.flatMap(({ attributes }) => attributes[USER_ATTRIBUTE] ?? [])),
  );
  return users.size === 0 ? undefined : { users: users.size, atLeast: found.some(({ all }) => !all) };
}

/** `at least 34 users`. */
export const usersInWords = ({ users, atLeast }: AffectedUsers): string =>
  `${atLeast ? 'at least ' : ''}${users} ${users === 1 ? 'user' : 'users'}`;
