import { type BrowserContext, chromium } from 'playwright-core';
import type { BrowserSettings } from './settings.ts';

/** A headless browser that is logged in to Grafana. */
export interface Session {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** @throws where Grafana refuses the login. */
export async function openSession(settings: BrowserSettings): Promise<Session> {
  const browser = await chromium.launch({
    executablePath: settings.chromium,
    // As root, in a container, Chromium's own sandbox cannot be set up.
    args: [
      '--disable-quic',
      '--disable-background-networking',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
  try {
    const context = await browser.newContext();
    const login = await context.request.post(`${settings.grafanaUrl}/login`, {
      data: { user: settings.user, password: settings.password },
    });
    if (!login.ok())
      throw new Error(
        `${settings.grafanaUrl}: login as ${settings.user} was answered with ${login.status()}`,
      );
    return { context, close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
