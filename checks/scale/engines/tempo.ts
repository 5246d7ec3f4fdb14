import { TENANT } from '../http.ts';
import { spans } from './spans.ts';

/** Its processes, those that have to be ready first in the first list. */
export const TEMPO_SERVICES = [
  ['seaweedfs'],
  // Neither of the first two is ready without the other.
  [
    'tempo',
    'tempo-querier',
    'tempo-distributor',
    'tempo-ingester-1',
    'tempo-ingester-2',
    'tempo-ingester-3',
    'tempo-compactor',
  ],
];

export const tempo = spans({
  name: 'Tempo',
  services: TEMPO_SERVICES,
  killed: 'tempo-ingester-2',
  to: ['tempo-distributor', 4327],
  tenant: TENANT,
  seenWithinMs: 0,
});
