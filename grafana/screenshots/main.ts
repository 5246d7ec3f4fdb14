/** Opens every dashboard of a running Grafana, keeps a picture of each, and fails where a panel shows nothing or an error. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { openSession } from '../browser/session.ts';
import { browserSettings } from '../browser/settings.ts';
import { allDashboards } from '../src/all-dashboards.ts';
import { capture } from './capture.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'screenshots' },
    parameters: { type: 'string', default: 'from=now-1h&to=now' },
    /** Only these dashboards, by uid. */
    dashboard: { type: 'string', multiple: true },
    width: { type: 'string', multiple: true, default: ['1400', '1920'] },
    theme: { type: 'string', multiple: true, default: ['dark', 'light'] },
  },
});
const settings = browserSettings(process.env);
mkdirSync(values.out, { recursive: true });

const session = await openSession(settings);
let failed = false;
try {
  const wanted = allDashboards().filter(({ uid }) => values.dashboard?.includes(uid!) ?? true);
  for (const dashboard of wanted)
    for (const width of values.width.map(Number))
      for (const theme of values.theme) {
        const file = join(values.out, `${dashboard.uid}-${width}-${theme}.png`);
        const problems = await capture(
          session.context,
          settings.grafanaUrl,
          { dashboard, width, theme, parameters: values.parameters },
          file,
        );
        for (const problem of problems) printError(`${dashboard.uid}: ${problem}`);
        failed ||= problems.length > 0;
        print(file);
      }
} finally {
  await session.close();
}
if (failed) process.exitCode = 1;
