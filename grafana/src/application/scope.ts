import type { HttpScope } from '../queries/http.ts';
import type { ProcessScope } from '../queries/process.ts';

/** What the dashboard's variables choose. */
export const REQUESTS: HttpScope = { service: '$service', instances: '$instance', routes: '$route' };
export const PROCESSES: ProcessScope = 'service="$service",instance=~"$instance"';

export const NO_REQUESTS = 'No requests';
export const NO_PROCESS = 'Not scraped';
