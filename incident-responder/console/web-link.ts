import { type Html, html } from './html.ts';

/** Nothing but http and https becomes a link: an annotation could hold `javascript:`. */
export function webLink(text: string, url: string | undefined): Html | null {
  if (url === undefined || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return null;
  return html`<a href="${url}" rel="noreferrer">${text}</a>`;
}
