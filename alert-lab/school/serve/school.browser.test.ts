import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  CHROMIUM,
  launchChromium,
  violations,
} from '@aiops-sre/incident-responder/console/testing/chromium.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMissions } from '../read-missions.ts';
import type { Step } from '../step.ts';
import { startMadeSchool } from '../testing/made-school.ts';

const TIMEOUT_MS = 60_000;
const missions = readMissions(join(import.meta.dirname, '..', '..'));

describe.skipIf(!existsSync(CHROMIUM))('the school in Chromium', { timeout: TIMEOUT_MS }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  }, TIMEOUT_MS);
  afterAll(() => browser?.close(), TIMEOUT_MS);

  it.each([
    [1, 'light', 1400],
    [20, 'dark', 390],
  ] as const)(
    'flies mission %i as its expert does, %s, %i pixels wide',
    async (number, colorScheme, width) => {
      const mission = missions.find((each) => each.number === number)!;
      const { school, cookie, close } = await startMadeSchool(missions, mission);
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      await context.addCookies([{ name: 'responder_session', value: cookie, url: school.url }]);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      /** As it is: all rules kept, and no wider than the window. */
      const look = async () => {
        complaints.push(...(await violations(page)));
        const content = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect(content, page.url()).toBeLessThanOrEqual(width);
      };
      try {
        await page.goto(school.url);
        await look();
        await page.getByRole('link', { name: mission.title, exact: true }).last().click();
        await page.getByRole('heading', { name: mission.title }).waitFor();
        await look();
        await page.getByRole('button', { name: 'Fly it' }).click();
        await page.getByRole('heading', { name: 'You are paged' }).waitFor();
        for (const step of mission.expert) await take(page, step);
        await look();
        await page.getByRole('link', { name: 'Write the postmortem' }).click();
        await page.getByLabel('What let it hurt so much').selectOption(mission.contributing[0]!);
        await page.getByLabel('Which alert or objective').selectOption(mission.improve[0]!);
        await look();
        await page.getByRole('button', { name: 'Finish the postmortem' }).click();
        await page.getByText('100 of 100 points').waitFor();
        await page.getByRole('img', { name: 'on one time line' }).waitFor();
        await look();
        await page.getByRole('link', { name: mission.docs[0] }).click();
        await page.locator('article.document h1').waitFor();
        await look();
        await page.goto(school.url);
        await page.getByText('100 points', { exact: true }).waitFor();
        expect(complaints).toEqual([]);
      } finally {
        await context.close();
        await close();
      }
    },
  );
});

/** By the form that is for it. */
async function take(page: Page, step: Step): Promise<void> {
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  switch (step.kind) {
    case 'acknowledge':
      return press('Acknowledge');
    case 'impact':
      await page.getByLabel('Users that it hurts').selectOption(step.impact);
      return press('Say so');
    case 'root':
      await page.getByLabel('Root').selectOption(step.service);
      await page.getByLabel('What of it').selectOption(step.cause);
      await page.getByLabel('Instance, if one').fill(step.instance ?? '');
      return press('Name it');
    case 'restart':
    case 'start':
      await page.getByLabel('Process').selectOption(step.process);
      return press(step.kind === 'restart' ? 'Restart' : 'Start');
    default:
      throw new Error(`not in these missions: ${step.kind}`);
  }
}
