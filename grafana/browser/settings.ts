import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { platformAddresses } from '@aiops-sre/service-kit/platform/addresses.ts';

export interface BrowserSettings {
  readonly grafanaUrl: string;
  readonly user: string;
  readonly password: string;
  /** Path of the browser. */
  readonly chromium: string;
}

/** @throws naming the variable that is missing. */
export function browserSettings(environment: Readonly<Record<string, string | undefined>>): BrowserSettings {
  const { GRAFANA_USER, GRAFANA_PASSWORD, GRAFANA_PASSWORD_FILE, CHROMIUM } = environment;
  const password =
    GRAFANA_PASSWORD ?? (GRAFANA_PASSWORD_FILE && readFileSync(GRAFANA_PASSWORD_FILE, 'utf8').trim());
  if (!password) throw new Error('set GRAFANA_PASSWORD, or GRAFANA_PASSWORD_FILE to the file that holds it');
  return {
    grafanaUrl: platformAddresses(join(import.meta.dirname, '..', '..'), environment).grafanaUrl,
    user: GRAFANA_USER ?? 'admin',
    password,
    chromium: CHROMIUM ?? '/usr/bin/chromium',
  };
}
