import { type Html, trustedHtml } from './html.ts';

/**
 * Markdown to HTML. HTML in it is shown as text, and links of a dangerous kind (`javascript:`) stay text too.
 * The renderer is loaded at the first use: most processes never show a page.
 */
export async function renderMarkdown(markdown: string): Promise<Html> {
  const { default: MarkdownIt } = await import('markdown-it');
  const rendered = new MarkdownIt({ html: false }).render(markdown);
  return trustedHtml(
    rendered
      // Markdown has no table without a header row; an empty header cell says nothing to a screen reader.
      .replaceAll(/<th([^>]*)><\/th>/g, '<td$1></td>')
      // A long line is scrolled to by keyboard, too.
      .replaceAll('<pre>', '<pre tabindex="0">'),
  );
}
