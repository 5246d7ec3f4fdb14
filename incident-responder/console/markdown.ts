import { type Html, trustedHtml } from './html.ts';

/**
 * Markdown to HTML. HTML in it is shown as text, and links of a dangerous kind (`javascript:`) stay text too.
 * The renderer is loaded at the first use: most processes never show a page.
 */
export async function renderMarkdown(markdown: string): Promise<Html> {
  const { default: MarkdownIt } = await import('markdown-it');
  return trustedHtml(new MarkdownIt({ html: false }).render(markdown));
}
