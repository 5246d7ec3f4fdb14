import type { BrowserContext, Locator, Page } from 'playwright-core';
import { panelProblems } from '../browser/panel-problems.ts';
import { NO_REFRESH, watchRequests } from '../browser/settled.ts';
import type { Incident } from './incidents.ts';

/** As tall as a long dashboard: Grafana loads only what is in view. */
const VIEWPORT = { width: 1600, height: 3_000 };
const LEAD_MS = 20 * 60_000;
/** Of the mark on a panel without data. */
const NO_DATA = 'has no data';

/** Somebody who looks at Grafana and goes on by its links; each of the `landed...` throws with what is there instead. */
export class Visitor {
  readonly #context: BrowserContext;
  readonly #grafanaUrl: string;
  readonly #incident: Incident;
  #page!: Page;
  #settled!: () => Promise<void>;

  constructor(context: BrowserContext, grafanaUrl: string, incident: Incident) {
    this.#context = context;
    this.#grafanaUrl = grafanaUrl;
    this.#incident = incident;
  }

  /** From a while before the incident to its end, so that what shows the end of a range shows it. */
  get itsTime(): Incident['range'] {
    return { from: `${this.#incident.atMs - LEAD_MS}`, to: `${this.#incident.atMs}` };
  }

  get page(): Page {
    return this.#page;
  }

  /** Opens a dashboard in the range in which somebody looks at the incident. */
  async openDashboard(
    uid: string,
    variables: Readonly<Record<string, string>> = {},
    range = this.#incident.range,
  ): Promise<void> {
    const parameters = new URLSearchParams({
      ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [`var-${name}`, value])),
      ...range,
      refresh: NO_REFRESH,
    });
    await this.open(`${this.#grafanaUrl}/d/${uid}?${parameters}`);
  }

  async open(url: string): Promise<void> {
    await this.#page?.close();
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
    const tab = this.#context.waitForEvent('page');
    const here = this.#page.waitForURL((url) => url.href !== before, {
      waitUntil: 'commit',
    });
    // Whichever is not the one rejects when its time is over.
    tab.catch(() => undefined);
    here.catch(() => undefined);
    await link.first().click();
    const opened = await Promise.race([tab, here]);
    if (opened) {
      await this.#page.close();
      await opened.setViewportSize(VIEWPORT);
      await this.#goOnIn(opened, () => opened.waitForLoadState());
    } else await this.#settled();
  }

  /** Goes where a link leads, in a new tab. */
  async openHref(link: Locator): Promise<void> {
    const href = await link.first().getAttribute('href');
    await this.open(new URL(href!, this.#grafanaUrl).href);
  }

  /** Of a cell or line that leads to several places: opens their menu and goes on to one. */
  async choose(from: Locator, title: string): Promise<void> {
    await from.first().click();
    await this.follow(
      this.#page.getByRole('menuitem', { name: title }).or(this.#page.getByRole('link', { name: title })),
    );
  }

  /** Opens the fields of the first line of a log. */
  async openLine(within: Locator): Promise<void> {
    const line = within.getByRole('button', { name: 'See log details' }).first();
    await line.waitFor();
    await line.click();
  }

  /** @param panels titles of those that must have data */
  async landedOnDashboard(
    uid: string,
    variables: Readonly<Record<string, string>>,
    panels: readonly string[],
    isRangeKept = true,
  ): Promise<void> {
    const url = new URL(this.#page.url());
    const wrong = [
      ...(url.pathname.split('/')[2] === uid ? [] : [`is at ${url.pathname}, expected /d/${uid}`]),
      ...Object.entries(variables).flatMap(([name, value]) => {
        const found = url.searchParams.getAll(`var-${name}`).join();
        return found === value ? [] : [`${name} is "${found}", expected "${value}"`];
      }),
      ...(['from', 'to'] as const).flatMap((end) => {
        const found = url.searchParams.get(end);
        const expected = this.#incident.range[end];
        return isRangeKept && !isSameTime(found, expected)
          ? [`${end} is ${found}, expected ${expected}`]
          : [];
      }),
    ];
    if (wrong.length > 0) throw new Error(wrong.join('; '));
    for (const title of panels) await this.panel(title).waitFor();
    await this.#settled();
    const problems = (await panelProblems(this.#page)).filter(
      (problem) => !problem.endsWith(NO_DATA) || panels.includes(problem.slice(0, -NO_DATA.length - 1)),
    );
    if (problems.length > 0) throw new Error(problems.join('; '));
  }

  /** Where a range is not the one it came from. @throws where it leaves the incident out */
  showsItsTime(): void {
    const { searchParams } = new URL(this.#page.url());
    const [fromMs, toMs] = [searchParams.get('from'), searchParams.get('to')].map((text) =>
      text === 'now' ? Date.now() : timeMs(text ?? ''),
    );
    const { atMs } = this.#incident;
    if (!(fromMs! < atMs && atMs <= toMs!))
      throw new Error(`shows ${searchParams.get('from')} to ${searchParams.get('to')}, not ${atMs}`);
  }

  /** @returns its id */
  async landedOnTrace(): Promise<string> {
    await this.#page
      .getByTestId('span-view')
      .first()
      .waitFor()
      .catch(async () => {
        throw new Error(`no trace at ${this.#page.url()}: ${await this.#said()}`);
      });
    const [, id] = /"query":"([0-9a-f]{16,32})"/.exec(decodeURIComponent(this.#page.url())) ?? [];
    if (!id) throw new Error(`no trace is asked for at ${this.#page.url()}`);
    return id;
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
    // What Explore shows is waited for by whoever looks for it.
    if (new URL(page.url()).pathname.startsWith('/d/'))
      await page.locator('[data-testid^="data-testid Panel header"]').first().waitFor();
    await this.#settled();
  }
}

/** A time of an address that is not relative. */
const timeMs = (text: string) => (/^\d+$/.test(text) ? Number(text) : Date.parse(text));

function isSameTime(found: string | null, expected: string): boolean {
  return found !== null && (found === expected || timeMs(found) === timeMs(expected));
}
