/** Opens every dashboard of a running Grafana, keeps a picture of each, and fails where a panel shows nothing or an error. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { chromium } from 'playwright-core';
import { allDashboards } from '../src/all-dashboards.ts';
import { capture } from './capture.ts';
import { screenshotSettings } from './settings.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'screenshots' },
    parameters: { type: 'string', default: 'from=now-6h&to=now' },
    /** Only these dashboards, by uid. */
    dashboard: { type: 'string', multiple: true },
    width: { type: 'string', multiple: true, default: ['1400', '1920'] },
    theme: { type: 'string', multiple: true, default: ['dark', 'light'] },
  },
});
const settings = screenshotSettings(process.env);
mkdirSync(values.out, { recursive: true });

const browser = await chromium.launch({
  executablePath: settings.chromium,
  // As root, in a container, Chromium's own sandbox cannot be set up.
  args: [
    '--disable-quic',
    '--disable-background-networking',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ],
});
let failed = false;
try {
  const context = await browser.newContext();
  const login = await context.request.post(`${settings.grafanaUrl}/login`, {
    data: { user: settings.user, password: settings.password },
  });
  if (!login.ok())
    throw new Error(`${settings.grafanaUrl}: login as ${settings.user} was answered with ${login.status()}`);
  const wanted = allDashboards().filter(({ uid }) => values.dashboard?.includes(uid!) ?? true);
  for (const dashboard of wanted)
    for (const width of values.width.map(Number))
      for (const theme of values.theme) {
        const file = join(values.out, `${dashboard.uid}-${width}-${theme}.png`);
        const problems = await capture(
          context,
          settings.grafanaUrl,
          { dashboard, width, theme, parameters: values.parameters },
          file,
        );
        for (const problem of problems) printError(`${dashboard.uid}: ${problem}`);
        failed ||= problems.length > 0;
        print(file);
      }
} finally {
  await browser.close();
}
if (failed) process.exitCode = 1;
