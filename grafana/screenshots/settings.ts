import { readFileSync } from 'node:fs';

export interface ScreenshotSettings {
  readonly grafanaUrl: string;
  readonly user: string;
  readonly password: string;
  /** Path of the browser. */
  readonly chromium: string;
}

/** @throws naming the variable that is missing. */
export function screenshotSettings(
  environment: Readonly<Record<string, string | undefined>>,
): ScreenshotSettings {
  const { GRAFANA_URL, GRAFANA_USER, GRAFANA_PASSWORD, GRAFANA_PASSWORD_FILE, CHROMIUM } = environment;
  if (!GRAFANA_URL)
    throw new Error(
      'GRAFANA_URL is not set: the address of a running Grafana, for instance http://127.0.0.1:3001',
    );
  const password =
    GRAFANA_PASSWORD ?? (GRAFANA_PASSWORD_FILE && readFileSync(GRAFANA_PASSWORD_FILE, 'utf8').trim());
  if (!password) throw new Error('set GRAFANA_PASSWORD, or GRAFANA_PASSWORD_FILE to the file that holds it');
  return {
    grafanaUrl: GRAFANA_URL.replace(/\/+$/, ''),
    user: GRAFANA_USER ?? 'admin',
    password,
    chromium: CHROMIUM ?? '/usr/bin/chromium',
  };
}
