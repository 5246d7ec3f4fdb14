import { type Html, html } from './html.ts';

export interface FrameOptions {
  /** In full, as the browser's window shows it. */
  readonly title: string;
  /** Address of a style sheet beside the console's own. */
  readonly style: string;
  readonly links: readonly { readonly address: string; readonly name: string; readonly isHere: boolean }[];
  /** Who is logged in, or how to. */
  readonly session: Html;
  readonly content: Html;
  /** Read out when it changes while the page is open; also says that the page follows what happens. */
  readonly announcement: string | undefined;
}

/** What every page has around its content, with the console's styles and scripts. */
export function frame({ title, style, links, session, content, announcement }: FrameOptions): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/console.css">
<link rel="stylesheet" href="${style}">
<script type="module" src="/assets/console.js"></script>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header>
<nav aria-label="Main"><ul>${links.map(
    ({ address, name, isHere }) =>
      html`<li><a href="${address}"${isHere && html` aria-current="page"`}>${name}</a></li>`,
  )}</ul></nav>
${announcement !== undefined && html`<p class="live" id="live-state" hidden></p>`}
${session}
</header>
<main id="content" tabindex="-1">
${content}
</main>
${announcement !== undefined && html`<p class="unseen" role="status" id="announcement" data-text="${announcement}"></p>`}
</body>
</html>
`.markup;
}
