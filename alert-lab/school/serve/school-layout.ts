import { frame } from '@aiops-sre/incident-responder/console/frame.ts';
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

/** A whole page around `content`, in the look of the console. */
export function schoolPage(options: SchoolPageOptions): string {
  const { title, path, content, session, consoleUrl, announcement } = options;
  const links = [
    { address: '/', name: 'Flight school' },
    { address: '/flight', name: 'In the air' },
    { address: LESSONS, name: 'Lessons' },
    { address: `${consoleUrl}/`, name: 'Console' },
  ];
  return frame({
    title: `${title} - flight school`,
    style: '/assets/school.css',
    links: links.map((link) => ({ ...link, isHere: link.address === path })),
    session: html`<p class="session">${session === undefined ? html`<a href="${consoleUrl}/login">Log in at the console</a>` : session.name}</p>`,
    content,
    announcement,
  });
}

export const LESSONS = '/read/docs/learn/README.md';

/** What stands where a form would be, for who is not logged in. */
export const logInFirst = (consoleUrl: string): Html =>
  html`<p class="card">Reading needs no login. To fly, <a href="${consoleUrl}/login">log in at the console</a> and come back: it is the same
login. The operator token is in <code>.data/secrets/operator-token</code>.</p>`;
