import { type Html, html } from './html.ts';
import type { Session } from './session/session-cookie.ts';

const PAGES = [
  ['/', 'Home'],
  ['/incidents', 'Incidents'],
  ['/services', 'Services'],
  ['/on-call', 'On call'],
  ['/actions', 'Actions'],
  ['/postmortems', 'Postmortems'],
  ['/notifications', 'Notifications'],
  ['/audit', 'Audit log'],
  ['/runbooks', 'Runbooks'],
] as const;

export interface PageOptions {
  readonly title: string;
  /** Of the page itself: marks where one is. */
  readonly path: string;
  readonly content: Html;
  readonly session?: Session | undefined;
  /** Read out when it changes while the page is open; also says that the page follows what happens. */
  readonly announcement?: string;
}

/** A whole page around `content`. Regions of it that carry `data-live` follow what happens, where scripts run. */
export function page({ title, path, content, session, announcement }: PageOptions): string {
  const here = PAGES.find(([address]) => (address === '/' ? path === '/' : path.startsWith(address)));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - incident responder</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/console.css">
<link rel="stylesheet" href="/assets/uPlot.min.css">
<script type="module" src="/assets/console.js"></script>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header>
<nav aria-label="Main"><ul>${PAGES.map(
    (entry) =>
      html`<li><a href="${entry[0]}"${entry === here && html` aria-current="page"`}>${entry[1]}</a></li>`,
  )}</ul></nav>
${announcement !== undefined && html`<p class="live" id="live-state" hidden></p>`}
${sessionControls(session, path)}
</header>
<main id="content" tabindex="-1">
${content}
</main>
${announcement !== undefined && html`<p class="unseen" role="status" id="announcement" data-text="${announcement}"></p>`}
</body>
</html>
`.markup;
}

function sessionControls(session: Session | undefined, path: string): Html {
  if (session === undefined)
    return path === '/login' ? html`` : html`<a class="login" href="/login?next=${path}">Log in</a>`;
  return html`<form method="post" action="/logout" class="session"><span>${session.name}</span>
<input type="hidden" name="csrf" value="${session.csrfToken}"><button class="quiet">Log out</button></form>`;
}
