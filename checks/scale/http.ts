import axios from 'axios';

/** The one tenant of the records that are written and looked for. */
export const TENANT = 'team-a';

export const ANOTHER_TENANT = 'team-b';

export const asTenant = (tenant: string) => ({ 'X-Scope-OrgID': tenant });

/** Of any status; what the engines answer is looked at where it is asked. */
export const http = axios.create({ timeout: 15_000, proxy: false, validateStatus: () => true });
