/** Runs every query of every dashboard against running data sources and tells which have no result. */

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { platformAddresses } from '@aiops-sre/service-kit/platform/addresses.ts';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { allDashboards } from '../src/all-dashboards.ts';
import { checkQueries } from './check-queries.ts';
import { queryReport } from './report.ts';

const { values } = parseArgs({ options: { hours: { type: 'string', default: '1' } } });
const hours = Number(values.hours);
if (!(hours > 0)) throw new Error(`--hours must be a number above 0, got ${values.hours}`);
const sources = platformAddresses(join(import.meta.dirname, '..', '..'), process.env);
const results = await checkQueries({
  dashboards: allDashboards(),
  ...sources,
  untilSeconds: Math.floor(Date.now() / 1000),
  rangeSeconds: hours * 3600,
});
for (const line of queryReport(results)) print(line);
if (results.some(({ problem }) => problem)) process.exitCode = 1;
