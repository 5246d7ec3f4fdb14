import { type Html, html } from '@aiops-sre/incident-responder/console/html.ts';
import type { Session } from '@aiops-sre/incident-responder/console/session/session-cookie.ts';

export interface SchoolPageOptions {
  readonly title: string;
  /** Of the page itself: marks where one is. */
  readonly path: string;
  readonly content: Html;
  readonly session: Session | undefined;
  readonly consoleUrl: string;
  /** Read out when it changes while the page is open; also says that the page follows what happens. */
  readonly announcement?: string;
}

/** A whole page around `content`, in the look of the console, whose styles and scripts it is made of. */
export function schoolPage(options: SchoolPageOptions): string {
  const { title, path, content, session, consoleUrl, announcement } = options;
  const pages = [
    ['/', 'Flight school'],
    ['/flight', 'In the air'],
    [LESSONS, 'Lessons'],
  ] as const;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - flight school</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/console.css">
<link rel="stylesheet" href="/assets/school.css">
<script type="module" src="/assets/console.js"></script>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header>
<nav aria-label="Main"><ul>${pages.map(
    ([address, name]) =>
      html`<li><a href="${address}"${address === path && html` aria-current="page"`}>${name}</a></li>`,
  )}<li><a href="${consoleUrl}/">Console</a></li></ul></nav>
${announcement !== undefined && html`<p class="live" id="live-state" hidden></p>`}
<p class="session">${session === undefined ? html`<a href="${consoleUrl}/login">Log in at the console</a>` : session.name}</p>
</header>
<main id="content" tabindex="-1">
${content}
</main>
${announcement !== undefined && html`<p class="unseen" role="status" id="announcement" data-text="${announcement}"></p>`}
</body>
</html>
`.markup;
}

export const LESSONS = '/read/docs/learn/README.md';

/** What stands where a form would be, for who is not logged in. */
export const logInFirst = (consoleUrl: string): Html =>
  html`<p class="card">Reading needs no login. To fly, <a href="${consoleUrl}/login">log in at the console</a> and come back: it is the same
login. The operator token is in <code>.data/secrets/operator-token</code>.</p>`;
