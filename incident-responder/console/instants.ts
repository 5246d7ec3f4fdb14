import { type Html, html } from './html.ts';

/** `2026-03-01 10:00:00 UTC`; today's and all others alike, since incidents are told across time zones. */
export function instant(ms: number): Html {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

/** Time of day alone, where the day is said beside it. */
export function timeOfDay(ms: number): Html {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}" title="${iso.slice(0, 10)}">${iso.slice(11, 19)}</time>`;
}
