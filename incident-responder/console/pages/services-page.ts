import type { Board } from '../board/board.ts';
import { html } from '../html.ts';
import { page } from '../layout.ts';
import type { Session } from '../session/session-cookie.ts';
import { serviceTable } from './service-table.ts';

/** Every service that sends spans or has an SLO, the worst off first. */
export function servicesPage({ services, missing }: Board, session: Session | undefined): string {
  return page({
    title: 'Services',
    path: '/services',
    session,
    announcement: `${services.length} services.`,
    content: html`<h1>Services</h1>
<p class="lead">All that send spans or have an SLO, the worst off first. Lines: the last hour.</p>
<div id="services" data-live>${services.length === 0 ? html`<p class="faint">${missing[0] ?? 'None yet.'}</p>` : serviceTable(services)}</div>`,
  });
}
