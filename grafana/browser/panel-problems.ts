import type { Page } from 'playwright-core';

/** Marks that Grafana puts on a panel, each with what it means. @see packages/grafana-e2e-selectors in Grafana's source */
const BAD_MARKS = [
  ['[data-testid="data-testid Panel status error"]', 'has an error'],
  ['[data-testid="data-testid Panel data error message"]', 'has no data'],
  ['[aria-label="Panel loading bar"]', 'is still loading'],
] as const;

/** What is wrong with the panels of a page that has settled, each with its panel's title. */
export async function panelProblems(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const [mark, meaning] of BAD_MARKS)
    for (const marked of await page.locator(mark).all()) {
      const panel = marked.locator(
        'xpath=ancestor::section[starts-with(@data-testid, "data-testid Panel header")]',
      );
      const title =
        (await panel
          .first()
          .getAttribute('data-testid')
          .catch(() => null)) ?? 'a panel';
      found.push(`${title.replace('data-testid Panel header ', '')} ${meaning}`);
    }
  return found;
}
