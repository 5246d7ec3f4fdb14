import { frame } from './frame.ts';
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
  return frame({
    title: `${title} - incident responder`,
    style: '/assets/uPlot.min.css',
    links: PAGES.map(([address, name]) => ({ address, name, isHere: address === here?.[0] })),
    session: sessionControls(session, path),
    content,
    announcement,
  });
}

function sessionControls(session: Session | undefined, path: string): Html {
  if (session === undefined)
    return path === '/login' ? html`` : html`<a class="login" href="/login?next=${path}">Log in</a>`;
  return html`<form method="post" action="/logout" class="session"><span>${session.name}</span>
<input type="hidden" name="csrf" value="${session.csrfToken}"><button class="quiet">Log out</button></form>`;
}
