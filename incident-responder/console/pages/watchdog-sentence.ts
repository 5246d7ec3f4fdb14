import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { WatchdogState } from '../../intake/watchdog.ts';
import { type Html, html } from '../html.ts';

export function watchdogSentence({ lastHeardAtMs, silent, ageSeconds }: WatchdogState): Html {
  const age = duration(Math.round(ageSeconds) * 1000);
  if (silent) return html`<strong>silent for ${age}: alerts may not arrive</strong>`;
  return lastHeardAtMs === null ? html`not heard yet` : html`heard ${age} ago`;
}
