import { createHash } from 'node:crypto';
import type { Roster } from './roster.ts';
import { shifts } from './schedule.ts';

const DAY_MS = 86_400_000;
const [BEFORE_MS, SHOWN_BEFORE_MS, AFTER_MS] = [45 * DAY_MS, 7 * DAY_MS, 90 * DAY_MS];

/**
 * Shifts of the last week and the next 90 days, as a calendar that others subscribe to.
 * @see https://www.rfc-editor.org/rfc/rfc5545
 */
export function calendarOf(roster: Roster, nowMs: number): string {
  const events = Object.keys(roster.rotations)
    // From further back, so that a shift that is shown begins where it began.
    .flatMap((name) => shifts(roster, name, nowMs - BEFORE_MS, nowMs + AFTER_MS))
    .filter(({ untilMs }) => untilMs > nowMs - SHOWN_BEFORE_MS)
    .filter(({ person }) => person !== null)
    .flatMap(({ rotation, person, fromMs: from, untilMs: until, why }) => [
      'BEGIN:VEVENT',
      // The same shift is the same event each time it is read.
      `UID:${createHash('sha256').update(`${rotation}\n${from}`).digest('hex').slice(0, 32)}@on-call`,
      `DTSTAMP:${utc(nowMs)}`,
      `DTSTART:${utc(from)}`,
      `DTEND:${utc(until)}`,
      `SUMMARY:${text(`${roster.people[person!]!.name} on call (${rotation}${why === 'turn' ? '' : `, ${why}`})`)}`,
      'END:VEVENT',
    ]);
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//aiops-sre//on-call//EN',
    'X-WR-CALNAME:On call',
    ...events,
    'END:VCALENDAR',
  ]
    .map(folded)
    .join('');
}

const utc = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
const text = (words: string) =>
  words.replace(/[\\;,]/g, (character) => `\\${character}`).replace(/\r?\n/g, '\\n');

/** Lines of 75 bytes at most; what is longer goes on after a space. No character is cut. */
function folded(line: string): string {
  let [out, bytes] = ['', 0];
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > 75) {
      out += '\r\n ';
      bytes = 1;
    }
    out += character;
    bytes += size;
  }
  return `${out}\r\n`;
}
