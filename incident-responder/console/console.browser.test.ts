import { existsSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { startTestResponder } from '../testing/test-responder.ts';
import { CHROMIUM, launchChromium, violations } from './testing/chromium.ts';
import { addExampleIncident, HOSTILE_TEXT } from './testing/example-incident.ts';
import { examplePlatform } from './testing/example-platform.ts';
import { exampleRangeReader } from './testing/example-series.ts';
import { OPERATOR_TOKEN, startTestConsole, type TestConsole } from './testing/test-console.ts';

const TIMEOUT_MS = 60_000;

describe.skipIf(!existsSync(CHROMIUM))('the console in Chromium', { timeout: TIMEOUT_MS }, () => {
  let browser: Browser;
  let people: TestConsole;
  let context: BrowserContext;
  let page: Page;
  let incidentId: number;
  let runId: number;
  /** What the browser complained of: errors of scripts, refused loads, breaches of the policy. */
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchChromium();
  }, TIMEOUT_MS);
  afterAll(() => browser?.close(), TIMEOUT_MS);

  beforeEach(async () => {
    const nowMs = Date.now();
    people = await startTestConsole({ prometheus: exampleRangeReader({ onsetMs: nowMs - 252_000 }) });
    ({ incidentId, runId } = addExampleIncident(people, { nowMs, hostile: true }));
    complaints = [];
    await open();
  }, TIMEOUT_MS);
  afterEach(async () => {
    await context.close();
    await people.close();
  }, TIMEOUT_MS);

  async function open(options: Parameters<Browser['newContext']>[0] = {}) {
    await context?.close();
    context = await browser.newContext(options);
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  /** The shop with an identity service that got slow, and the same incident. */
  async function usePlatform(moreServices: readonly string[]) {
    await people.close();
    const nowMs = Date.now();
    people = await startTestConsole({ prometheus: examplePlatform({ nowMs, moreServices }) });
    ({ incidentId, runId } = addExampleIncident(people, { nowMs, hostile: true }));
  }

  async function logIn() {
    await page.goto(`${people.url}/login?next=/incidents/${incidentId}`);
    await page.getByLabel('Your name').fill('Ada');
    await page.getByLabel('Operator token').fill(OPERATOR_TOKEN);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL(`**/incidents/${incidentId}`);
  }

  it('approves an action', async () => {
    await logIn();
    await page.getByLabel('Note').fill('seen the graph');
    await page.getByRole('button', { name: 'Approve' }).click();
    const notice = page.getByText('Approved. The action begins soon after');
    await notice.waitFor();
    expect(await notice.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    expect(people.runs.get(runId)).toMatchObject({
      state: 'approved',
      approvals: [{ by: 'Ada', note: 'seen the graph' }],
    });
    await page.getByText('approved by Ada: seen the graph').first().waitFor();
    expect(complaints).toEqual([]);
  });

  it('rejects an action by keyboard alone, and takes no Enter in the note for an approval', async () => {
    await logIn();
    await page.getByLabel('Note').focus();
    await page.keyboard.type('not now');
    await page.keyboard.press('Enter');
    expect(people.runs.get(runId)?.state).toBe('proposed');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Rejected. Nothing is done.').waitFor();
    expect(people.runs.get(runId)).toMatchObject({ state: 'rejected', approvals: [{ note: 'not now' }] });
    expect(complaints).toEqual([]);
  });

  it('approves without any script', async () => {
    await open({ javaScriptEnabled: false });
    await logIn();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Approved. The action begins').waitFor();
    expect(people.runs.get(runId)?.state).toBe('approved');
  });

  it('follows what happens, announces it, and leaves what is being typed alone', async () => {
    await logIn();
    await page.locator('#live-state.connected').waitFor();
    await page.getByLabel('Note').fill('half a sen');
    await page.locator('#symptoms summary').click();
    people.incidents.addToTimeline(incidentId, {
      atMs: Date.now(),
      kind: 'note',
      text: 'Somebody looks at it',
    });
    people.incidents.change(incidentId, { status: 'mitigated' });
    people.runs.change(runId, { reason: 'Still waits' });
    people.events.publish({ topic: 'incident', id: incidentId });
    await page.getByText('Somebody looks at it').waitFor();
    await page.getByText('Still waits').waitFor();
    expect(await page.getByRole('status').first().textContent()).toContain(
      `Incident ${incidentId} is mitigated`,
    );
    await page.getByLabel('Note').focus();
    expect(await page.getByLabel('Note').inputValue()).toBe('half a sen');
    expect(await page.locator('#symptoms').getAttribute('open')).toBe('');
    expect(complaints).toEqual([]);
  });

  it('draws the series with their bands, and says what they show', async () => {
    await page.goto(`${people.url}/incidents/${incidentId}`);
    await page.locator('figure canvas').nth(2).waitFor();
    expect(await page.locator('figcaption').allTextContents()).toEqual([
      expect.stringMatching(/^Burn rate of storefront-latencyLatest 18\.4;/),
      expect.stringMatching(/^identity latency p95Latest 0\.[89]\d*, expected .* outside the band/),
      expect.stringMatching(/^storefront requestsLatest /),
    ]);
    expect(complaints).toEqual([]);
  });

  it('shows an incident that its webhook opened, without being asked again', async () => {
    const responder = await startTestResponder();
    try {
      await page.goto(`${responder.url}/incidents`);
      await page.locator('#live-state.connected').waitFor();
      await page.getByText('No incident is open.').waitFor();
      await responder.deliver(webhookPayload([alertPayload()]));
      await page.locator('#open article').waitFor();
      expect(await page.title()).toContain('(1) Incidents');
      expect(complaints).toEqual([]);
    } finally {
      await page.close();
      await responder.close();
    }
  });

  it('opens on whether all is well, and leads on to what is not', async () => {
    await usePlatform([HOSTILE_TEXT, 'a/b?c#d']);
    await page.goto(people.url);
    await page.getByRole('heading', { level: 1, name: 'No. SEV2' }).waitFor();
    for (const name of ['storefront-latency', 'identity service latency', HOSTILE_TEXT, 'a/b?c#d']) {
      await page.getByRole('link', { name, exact: true }).first().click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await page.locator('figure canvas').first().waitFor();
      await page.goto(people.url);
    }
    expect(complaints).toEqual([]);
  });

  it('follows the state of the platform without being asked again', async () => {
    await usePlatform([]);
    await page.goto(people.url);
    await page.locator('#live-state.connected').waitFor();
    await page.getByRole('heading', { level: 1, name: 'No. SEV2' }).waitFor();
    people.incidents.change(incidentId, { status: 'mitigated' });
    people.events.publish({ topic: 'incident', id: incidentId });
    await page.getByRole('heading', { level: 1, name: 'Getting there. SEV2 is mitigated' }).waitFor();
  });

  it('takes newcomers on a tour, once, by keyboard', async () => {
    await page.goto(people.url);
    for (const step of ['1 of 5', '2 of 5', '3 of 5', '4 of 5', '5 of 5']) {
      await page.getByText(step).waitFor();
      await page.locator('#tour-next').press('Enter');
    }
    await page.locator('#tour').waitFor({ state: 'hidden' });
    await page.reload();
    await page.locator('#tour-again').waitFor();
    expect(await page.locator('#tour').isVisible()).toBe(false);
    await page.locator('#tour-again').click();
    await page.getByText('1 of 5').waitFor();
    await page.locator('#tour-end').click();
    expect(complaints).toEqual([]);
  });

  it('fits a phone: no page is wider than it', async () => {
    await open({ viewport: { width: 390, height: 844 } });
    await usePlatform(['a-service-whose-name-is-longer-than-anybody-would-think-of-when-they-draw-a-table']);
    await logIn();
    for (const path of [
      '/',
      '/services',
      '/services/storefront',
      '/slos/storefront-latency',
      '/incidents',
      `/incidents/${incidentId}`,
    ]) {
      await page.goto(people.url + path);
      if ((await page.locator('[data-graphs]').count()) > 0)
        await page.locator('figure canvas').first().waitFor();
      const [content, width] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, innerWidth]',
      );
      expect(content, path).toBeLessThanOrEqual(width);
    }
  });

  it.each(['light', 'dark'] as const)(
    'breaks no accessibility rule and loads without complaints, %s',
    async (colorScheme) => {
      await open({ colorScheme });
      await usePlatform([HOSTILE_TEXT]);
      people.incidents.setPostmortem(incidentId, '# Postmortem\n\n| | |\n|---|---|\n| a | b |\n');
      const incident = `/incidents/${incidentId}`;
      const found: string[] = [];
      const look = async (path: string) => {
        await page.goto(people.url + path);
        if ((await page.locator('[data-graphs]').count()) > 0)
          await page.locator('figure canvas').first().waitFor();
        found.push(...(await violations(page)).map((violation) => `${path}: ${violation}`));
      };
      for (const path of ['/login', incident]) await look(path);
      await logIn();
      for (const path of [
        '/',
        '/services',
        '/services/storefront',
        '/slos/storefront-latency',
        '/anomalies/service_latency?service=identity',
        '/incidents',
        incident,
        `${incident}/postmortem`,
        '/postmortems',
        '/on-call',
        '/actions',
        '/audit',
        '/notifications',
      ])
        await look(path);
      expect(found).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );
});
