import type { BrowserContext, Locator, Page } from 'playwright-core';
import { panelProblems } from '../browser/panel-problems.ts';
import { SETTLED_TIMEOUT_MS, watchRequests } from '../browser/settled.ts';
import type { Incident } from './incidents.ts';

/** As tall as a long dashboard: Grafana loads only what is in view. */
const VIEWPORT = { width: 1600, height: 3_000 };
const LINK_TIMEOUT_MS = 20_000;
/** Of the mark on a panel without data. */
const NO_DATA = 'has no data';

/** Somebody who looks at Grafana and goes on by its links; each of the `landed...` throws with what is there instead. */
export class Visitor {
  readonly #context: BrowserContext;
  readonly #grafanaUrl: string;
  readonly #range: Incident['range'];
  #page!: Page;
  #settled!: () => Promise<void>;

  constructor(context: BrowserContext, grafanaUrl: string, range: Incident['range']) {
    this.#context = context;
    this.#grafanaUrl = grafanaUrl;
    this.#range = range;
  }

  get page(): Page {
    return this.#page;
  }

  /** Opens a dashboard at the time of the incident. */
  async openDashboard(uid: string, variables: Readonly<Record<string, string>> = {}): Promise<void> {
    const parameters = new URLSearchParams({
      ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [`var-${name}`, value])),
      ...this.#range,
      refresh: '',
    });
    await this.open(`${this.#grafanaUrl}/d/${uid}?${parameters}`);
  }

  async open(url: string): Promise<void> {
    const page = await this.#context.newPage();
    await page.setViewportSize(VIEWPORT);
    await this.#goOnIn(page, () => page.goto(url));
  }

  async close(): Promise<void> {
    await this.#page?.close();
  }

  panel(title: string): Locator {
    return this.#page.getByTestId(`data-testid Panel header ${title}`);
  }

  /** Clicks a link and goes on where it leads, in this tab or in its own. */
  async follow(link: Locator): Promise<void> {
    const before = this.#page.url();
    const tab = this.#context.waitForEvent('page', { timeout: LINK_TIMEOUT_MS });
    const here = this.#page.waitForURL((url) => url.href !== before, {
      timeout: LINK_TIMEOUT_MS,
      waitUntil: 'commit',
    });
    // Whichever is not the one rejects when its time is over.
    tab.catch(() => undefined);
    here.catch(() => undefined);
    await link.first().click({ timeout: LINK_TIMEOUT_MS });
    const opened = await Promise.race([tab, here]);
    if (opened) {
      await this.#page.close();
      await opened.setViewportSize(VIEWPORT);
      await this.#goOnIn(opened, () => opened.waitForLoadState());
    } else await this.#settled();
  }

  /** Of a cell or line that leads to several places: opens their menu and goes on to one. */
  async choose(from: Locator, title: string): Promise<void> {
    await from.first().click({ timeout: LINK_TIMEOUT_MS });
    await this.follow(
      this.#page.getByRole('menuitem', { name: title }).or(this.#page.getByRole('link', { name: title })),
    );
  }

  /** Opens the fields of the first line of a log. */
  async openLine(within: Locator): Promise<void> {
    const line = within.getByRole('button', { name: 'See log details' }).first();
    await line.waitFor({ timeout: SETTLED_TIMEOUT_MS });
    await line.click();
  }

  /** @param panels titles of those that must have data */
  async landedOnDashboard(
    uid: string,
    variables: Readonly<Record<string, string>>,
    panels: readonly string[],
  ): Promise<void> {
    const url = new URL(this.#page.url());
    const wrong = [
      ...(url.pathname.split('/')[2] === uid ? [] : [`is at ${url.pathname}, expected /d/${uid}`]),
      ...Object.entries(variables).flatMap(([name, value]) => {
        const found = url.searchParams.getAll(`var-${name}`).join();
        return found === value ? [] : [`${name} is "${found}", expected "${value}"`];
      }),
      ...(['from', 'to'] as const).flatMap((end) =>
        isSameTime(url.searchParams.get(end), this.#range[end])
          ? []
          : [`${end} is ${url.searchParams.get(end)}, expected ${this.#range[end]}`],
      ),
    ];
    if (wrong.length > 0) throw new Error(wrong.join('; '));
    for (const title of panels) await this.panel(title).waitFor({ timeout: SETTLED_TIMEOUT_MS });
    await this.#settled();
    const problems = (await panelProblems(this.#page)).filter(
      (problem) => !problem.endsWith(NO_DATA) || panels.includes(problem.slice(0, -NO_DATA.length - 1)),
    );
    if (problems.length > 0) throw new Error(problems.join('; '));
  }

  /** @returns how many spans it shows */
  async landedOnTrace(): Promise<number> {
    const spans = this.#page.getByTestId('span-view');
    await spans
      .first()
      .waitFor({ timeout: SETTLED_TIMEOUT_MS })
      .catch(async () => {
        throw new Error(`no trace at ${this.#page.url()}: ${await this.#said()}`);
      });
    return spans.count();
  }

  /** What a page says instead of what was looked for. */
  async #said(): Promise<string> {
    const text = await this.#page.locator('main, body').first().innerText();
    return text.replace(/\s+/g, ' ').slice(-400);
  }

  async #goOnIn(page: Page, opening: () => Promise<unknown>): Promise<void> {
    this.#page = page;
    this.#settled = watchRequests(page, this.#grafanaUrl);
    await opening();
    await page
      .locator('[data-testid^="data-testid Panel header"]')
      .first()
      .waitFor({ timeout: SETTLED_TIMEOUT_MS })
      .catch(() => undefined);
    await this.#settled();
  }
}

/** Of an address: relative as it is, or milliseconds or ISO 8601. */
function isSameTime(found: string | null, expected: string): boolean {
  if (found === null) return false;
  const ms = (text: string) => (/^\d+$/.test(text) ? Number(text) : Date.parse(text));
  return found === expected || ms(found) === ms(expected);
}
