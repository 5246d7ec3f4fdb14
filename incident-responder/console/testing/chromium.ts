import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

/** For tests: the browser of this machine; tests that need it are left out where there is none. */
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--disable-quic',
      '--disable-background-networking',
      // As root, in a container, Chromium's own sandbox cannot be set up.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });

/** Rules of accessibility that the page breaks, by axe. */
export async function violations(page: Page): Promise<string[]> {
  // Through the protocol, which the page's own policy does not hold for.
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8'));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }>;
      };
    };
    const results = await axe.run();
    return results.violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes
          .map(({ html }) => html)
          .join(' | ')
          .slice(0, 300)}`,
    );
  });
}
