import type { HttpScope } from '../queries/http.ts';
import type { ProcessScope } from '../queries/process.ts';

/** What the dashboard's variables choose. */
export const REQUESTS: HttpScope = { service: '$service', instances: '$instance', routes: '$route' };
export const PROCESSES: ProcessScope = 'service="$service",instance=~"$instance"';

export const NO_REQUESTS = 'No requests';
/** Where there is room to say where to go instead. */
export const NO_HTTP =
  'The service counts no HTTP requests in this time range. "Service", above, shows any service by its spans.';
export const NO_PROCESS = 'Not scraped';
